/* Products with one side of at most THIN, which a register tile would mostly
 * fill with zeros. The narrow width n is a constant wherever these are inlined. */

#define THIN 3

/* A gradient to where it is wanted: stored, added or, if u, a step of Adam. */
INLINE void put(float *to, const float *g, long n, int add, const update *u)
{
	if (u)
		adam_row(to, g, n, u);
	else
		for (long i = 0; i < n; i += VL) {
			vf v = vload_n(g + i, n - i);
			vstore_n(to + i, add ? vadd(vload_n(to + i, n - i), v) : v, n - i);
		}
}

#define THIN_SWITCH(n, f, ...) \
	switch (n) { \
	case 1: \
		f(1, __VA_ARGS__); \
		break; \
	case 2: \
		f(2, __VA_ARGS__); \
		break; \
	case 3: \
		f(3, __VA_ARGS__); \
		break; \
	}

INLINE void dots_rows(const int r, const int n, long k, const float *x, const float *w, long ldw, float *y, const float *bias)
{
	vf s[4][THIN];
	UNROLL
	for (int i = 0; i < r; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			s[i][j] = vzero();
	for (long l = 0; l < k; l += VL)
		UNROLL
		for (int i = 0; i < r; i++) {
			vf v = vload_n(x + i * k + l, k - l);
			UNROLL
			for (int j = 0; j < n; j++)
				s[i][j] = vfma(v, vload_n(w + j * ldw + l, k - l), s[i][j]);
		}
	UNROLL
	for (int i = 0; i < r; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			y[i * n + j] = bias ? vsum(s[i][j]) + bias[j] : vsum(s[i][j]);
}

/* y[m][n] = x[m][k] w[n][k]ᵀ + bias, a dot product for every element. */
INLINE void dots(const int n, long m, long k, const float *x, const float *w, long ldw, float *y, const float *bias)
{
	long i = 0;
	for (; i + 4 <= m; i += 4)
		dots_rows(4, n, k, x + i * k, w, ldw, y + i * n, bias);
	for (; i < m; i++)
		dots_rows(1, n, k, x + i * k, w, ldw, y + i * n, bias);
}

/* dx[m][w] = dz[m][n] wt[n][w] below'(h), x = below(h), for w ≤ NC·VL columns of ld. */
INLINE void outer_columns(const int n, long m, long w, float *dx, const float *dz, const float *wt, long ld, const float *x, int below)
{
	vf v[THIN][NC];
	UNROLL
	for (int j = 0; j < n; j++)
		COLUMNS(w) v[j][c] = vload_n(wt + j * ld + c * VL, LEFT(w));
	for (long i = 0; i < m; i++, dx += ld, x += ld, dz += n)
		COLUMNS(w)
		{
			vf s = vmul(vset(dz[0]), v[0][c]);
			UNROLL
			for (int j = 1; j < n; j++)
				s = vfma(vset(dz[j]), v[j][c], s);
			vstore_n(dx + c * VL, slope(s, x + c * VL, LEFT(w), below), LEFT(w));
		}
}

INLINE void outer(const int n, long m, long width, float *dx, const float *dz, const float *wt, const float *x, int below)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL)
		outer_columns(n, m, NC * VL, dx + j, dz, wt + j, width, x + j, below);
	if (j < width)
		outer_columns(n, m, width - j, dx + j, dz, wt + j, width, x + j, below);
}

/* dw[w][n] = x[m][w]ᵀ dz[m][n], for w ≤ NC·VL columns of x. */
INLINE void narrow_columns(const int n, long m, long w, float *dw, const float *x, long ld, const float *dz, int add, const update *u)
{
	vf s[THIN][NC];
	UNROLL
	for (int j = 0; j < n; j++)
		COLUMNS(w) s[j][c] = vzero();
	for (long i = 0; i < m; i++, x += ld, dz += n)
		COLUMNS(w)
		{
			vf v = vload_n(x + c * VL, LEFT(w));
			UNROLL
			for (int j = 0; j < n; j++)
				s[j][c] = vfma(v, vset(dz[j]), s[j][c]);
		}
	float t[NC * VL * THIN], lanes[NC * VL];
	UNROLL
	for (int j = 0; j < n; j++) {
		COLUMNS(w) vstore(lanes + c * VL, s[j][c]);
		for (long i = 0; i < w; i++)
			t[i * n + j] = lanes[i];
	}
	put(dw, t, w * n, add, u);
}

INLINE void narrow(const int n, long m, long width, float *dw, float *db, const float *x, const float *dz, int add, const update *uw, const update *ub)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL)
		narrow_columns(n, m, NC * VL, dw + j * n, x + j, width, dz, add, uw);
	if (j < width)
		narrow_columns(n, m, width - j, dw + j * n, x + j, width, dz, add, uw);
	float sums[THIN] = {0};
	for (long i = 0; i < m; i++)
		for (int l = 0; l < n; l++)
			sums[l] += dz[i * n + l];
	if (db)
		put(db, sums, n, add, ub);
}

/* dw[n][w] = x[m][n]ᵀ dz[m][w] and db its column sums, for w ≤ NC·VL columns of ld. */
INLINE void wide_columns(const int n, long m, long w, float *dw, float *db, const float *x, const float *dz, long ld, int add, const update *uw, const update *ub)
{
	vf s[THIN + 1][NC];
	UNROLL
	for (int j = 0; j <= n; j++)
		COLUMNS(w) s[j][c] = vzero();
	for (long i = 0; i < m; i++, x += n, dz += ld)
		COLUMNS(w)
		{
			vf v = vload_n(dz + c * VL, LEFT(w));
			UNROLL
			for (int j = 0; j < n; j++)
				s[j][c] = vfma(vset(x[j]), v, s[j][c]);
			s[n][c] = vadd(s[n][c], v);
		}
	float t[NC * VL];
	UNROLL
	for (int j = 0; j <= n; j++) {
		COLUMNS(w) vstore(t + c * VL, s[j][c]);
		if (j < n)
			put(dw + j * ld, t, w, add, uw);
		else if (db)
			put(db, t, w, add, ub);
	}
}

INLINE void wide(const int n, long m, long width, float *dw, float *db, const float *x, const float *dz, int add, const update *uw, const update *ub)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL)
		wide_columns(n, m, NC * VL, dw + j, db ? db + j : 0, x, dz + j, width, add, uw, ub);
	if (j < width)
		wide_columns(n, m, width - j, dw + j, db ? db + j : 0, x, dz + j, width, add, uw, ub);
}

/* Products with one side of at most THIN, which a register tile would mostly
 * fill with zeros. The narrow width n is a constant wherever these are inlined. */

#define THIN 3

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

/* dx[m][w] = dz[m][n] wt[n][w], for w ≤ NC·VL columns of ld. */
INLINE void outer_columns(const int n, long m, long w, float *dx, const float *dz, const float *wt, long ld)
{
	vf v[THIN][NC];
	UNROLL
	for (int j = 0; j < n; j++)
		COLUMNS(w) v[j][c] = vload_n(wt + j * ld + c * VL, LEFT(w));
	for (long i = 0; i < m; i++, dx += ld, dz += n)
		COLUMNS(w)
		{
			vf s = vmul(vset(dz[0]), v[0][c]);
			UNROLL
			for (int j = 1; j < n; j++)
				s = vfma(vset(dz[j]), v[j][c], s);
			vstore_n(dx + c * VL, s, LEFT(w));
		}
}

INLINE void outer(const int n, long m, long width, float *dx, const float *dz, const float *wt)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL)
		outer_columns(n, m, NC * VL, dx + j, dz, wt + j, width);
	if (j < width)
		outer_columns(n, m, width - j, dx + j, dz, wt + j, width);
}

/* dw[w][n] = x[m][w]ᵀ dz[m][n], for w ≤ NC·VL columns of x. */
INLINE void narrow_columns(const int n, long m, long w, float *dw, const float *x, long ld, const float *dz, int add)
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
	float t[THIN][NC * VL];
	UNROLL
	for (int j = 0; j < n; j++)
		COLUMNS(w) vstore(t[j] + c * VL, s[j][c]);
	for (long i = 0; i < w; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			dw[i * n + j] = add ? dw[i * n + j] + t[j][i] : t[j][i];
}

INLINE void narrow(const int n, long m, long width, float *dw, const float *x, const float *dz, int add)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL)
		narrow_columns(n, m, NC * VL, dw + j * n, x + j, width, dz, add);
	if (j < width)
		narrow_columns(n, m, width - j, dw + j * n, x + j, width, dz, add);
}

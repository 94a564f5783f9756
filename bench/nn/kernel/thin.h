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

/* Vectors of columns for which n·2 registers suffice beside what else is needed. */
#define SOME(n) ((n) == 1 ? NC : 2)

/* Calls f with w, the number of columns, for pieces of the width from j on; w is
 * a constant but at the end. */
#define PIECES(n, width, f) \
	do { \
		long j = 0, w; \
		for (w = SOME(n) * VL; j + SOME(n) * VL <= width; j += SOME(n) * VL) \
			f(SOME(n) * VL); \
		for (; j < width; j += w) { \
			w = width - j < SOME(n) * VL ? width - j : SOME(n) * VL; \
			f(w); \
		} \
	} while (0)

/* A gradient to where it is wanted: stored or added. */
INLINE void put(float *to, const float *g, long n, int add)
{
	for (long i = 0; i < n; i += VL) {
		vf v = vload_n(g + i, n - i);
		vstore_n(to + i, add ? vadd(vload_n(to + i, n - i), v) : v, n - i);
	}
}

/* The vector of the dot products. Their partial sums are one a lane, so the order of
 * the sum depends on its width, as nowhere else: sets that are to give the same
 * bytes have the same DL. */
#ifndef DL
#define DL VL
typedef vf df;
#define dzero() vzero()
#define dload_n(p, n) vload_n(p, n)
#define dfma(a, b, c) vfma(a, b, c)
#define dsum(a) vsum(a)
#endif

/* y[r][n] = finish(x[r][k] w[n][k]ᵀ + bias). */
INLINE void dots_rows(const int r, const int n, long k, const float *x, const float *w, long ldw, float *y, const float *bias, int act, const float *h)
{
	df s[4][THIN];
	UNROLL
	for (int i = 0; i < r; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			s[i][j] = dzero();
	for (long l = 0; l < k; l += DL)
		UNROLL
		for (int i = 0; i < r; i++) {
			df v = dload_n(x + i * k + l, k - l);
			UNROLL
			for (int j = 0; j < n; j++)
				s[i][j] = dfma(v, dload_n(w + j * ldw + l, k - l), s[i][j]);
		}
	float t[4 * THIN];
	UNROLL
	for (int i = 0; i < r; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			t[i * n + j] = bias ? dsum(s[i][j]) + bias[j] : dsum(s[i][j]);
	for (long i = 0; i < r * n; i += VL)
		vstore_n(y + i, finish(vload_n(t + i, r * n - i), act, h + i, r * n - i), r * n - i);
}

/* The same for m rows, a dot product for every element. */
INLINE void dots(const int n, long m, long k, const float *x, const float *w, long ldw, float *y, const float *bias, int act, const float *h)
{
	long i = 0;
	for (; i + 4 <= m; i += 4)
		dots_rows(4, n, k, x + i * k, w, ldw, y + i * n, bias, act, h + i * n);
	for (; i < m; i++)
		dots_rows(1, n, k, x + i * k, w, ldw, y + i * n, bias, act, h + i * n);
}

/* y[m][w] = finish(x[m][n] wt[n][w] + bias[w]) and, if dw, dw[w][n] = h[m][w]ᵀ x[m][n],
 * for columns of rows ld apart. */
INLINE void outer_columns(const int n, long m, long w, float *y, float *dw, const float *x, const float *wt, long ld, const float *bias,
			  int act, const float *h, int add)
{
	vf v[THIN][NC], b[NC], s[THIN][NC];
	EVERY_COLUMN
	{
		b[c] = vzero();
		UNROLL
		for (int j = 0; j < n; j++)
			v[j][c] = s[j][c] = vzero();
	}
	COLUMNS(w)
	{
		if (bias)
			b[c] = vload_n(bias + c * VL, LEFT(w));
		UNROLL
		for (int j = 0; j < n; j++)
			if (y)
				v[j][c] = vload_n(wt + j * ld + c * VL, LEFT(w));
	}
	for (long i = 0; i < m; i++, x += n) {
		vf e[THIN];
		UNROLL
		for (int j = 0; j < n; j++)
			e[j] = vset(x[j]);
		COLUMNS(w)
		{
			long at = i * ld + c * VL;
			if (dw) {
				vf g = vload_n(h + at, LEFT(w));
				UNROLL
				for (int j = 0; j < n; j++)
					s[j][c] = vfma(e[j], g, s[j][c]);
			}
			if (y) {
				vf t = b[c];
				UNROLL
				for (int j = 0; j < n; j++)
					t = vfma(e[j], v[j][c], t);
				vstore_n(y + at, finish(t, act, h + at, LEFT(w)), LEFT(w));
			}
		}
	}
	if (!dw)
		return;
	float t[NC * VL * THIN], lanes[NC * VL];
	UNROLL
	for (int j = 0; j < n; j++) {
		COLUMNS(w) vstore(lanes + c * VL, s[j][c]);
		for (long i = 0; i < w; i++)
			t[i * n + j] = lanes[i];
	}
	put(dw, t, w * n, add);
}

/* A thin input forward: y[m][width] = act(x[m][n] w[n][width] + b). */
INLINE void spread(const int n, long m, long width, float *y, const float *x, const float *w_, const float *b, int act)
{
#define PIECE(w) outer_columns(n, m, w, y + j, 0, x, w_ + j, width, b ? b + j : 0, act, 0, 0)
	PIECES(n, width, PIECE);
#undef PIECE
}

/* A thin output backward: dx[m][width] = finish(dz[m][n] wt[n][width]) and
 * dw[width][n] = x[m][width]ᵀ dz, each unless it is 0, in one pass over x. */
INLINE void narrow(const int n, long m, long width, float *dx, float *dw, const float *dz, const float *x, const float *wt, int act, int add)
{
#define PIECE(w) outer_columns(n, m, w, dx ? dx + j : 0, dw ? dw + j * n : 0, dz, wt + j, width, 0, act, x + j, add)
	PIECES(n, width, PIECE);
#undef PIECE
}

/* A thin input backward: dw[n][w] = x[m][n]ᵀ dz[m][w] and db its column sums. */
INLINE void wide_columns(const int n, long m, long w, float *dw, float *db, const float *x, const float *dz, long ld, int add)
{
	vf s[THIN + 1][NC];
	UNROLL
	for (int j = 0; j <= n; j++)
		EVERY_COLUMN s[j][c] = vzero();
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
			put(dw + j * ld, t, w, add);
		else if (db)
			put(db, t, w, add);
	}
}

INLINE void wide(const int n, long m, long width, float *dw, float *db, const float *x, const float *dz, int add)
{
#define PIECE(w) wide_columns(n, m, w, dw + j, db ? db + j : 0, x, dz + j, width, add)
	PIECES(n, width, PIECE);
#undef PIECE
}

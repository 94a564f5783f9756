/* Matrix products in register tiles of MR rows and NT columns.
 *
 * The right-hand matrix is packed NT columns at a time into a panel of at most
 * KC rows that stays in L1; the left-hand one is read where it lies, one
 * element broadcast at a time, with any two strides, so that a transposed left
 * matrix costs nothing. Panels lie on the stack: no operation needs memory of
 * its caller's. */

#define NT (VL * NV)

enum { INIT_ZERO, INIT_BIAS, INIT_C };

/* The least number of equal blocks of at most most that cover n. */
static inline long blocks(long n, long most) { return (n + most - 1) / most; }

/* s[mr][NT] += a[mr] w[NT]. */
INLINE void step(const int mr, vf (*s)[NV], const float *a, long rs, const vf *w)
{
	UNROLL
	for (int i = 0; i < mr; i++) {
		vf x = vset(a[i * rs]);
		UNROLL
		for (int j = 0; j < NV; j++)
			s[i][j] = vfma(x, w[j], s[i][j]);
		UNROLL
		for (int j = 0; j < NV; j++)
			vkeep(s[i][j]);
	}
}

/* c[mr][NT] = init + a[mr][k] b[k][NT], then what act says. Packing, b is filled
 * from src[k][NT], rows ld apart. */
INLINE void tile(const int mr, const int packing, long k, const float *a, long rs, long cs, float *b, const float *src, long ld,
		 float *c, long ldc, int init, const float *bias, int act, const float *y)
{
	vf s[MR][NV], w[NV];
	UNROLL
	for (int i = 0; i < mr; i++)
		UNROLL
		for (int j = 0; j < NV; j++)
			s[i][j] = init == INIT_C ? vload(c + i * ldc + j * VL) : init == INIT_BIAS ? vload(bias + j * VL) : vzero();
#define STEP \
	do { \
		UNROLL \
		for (int j = 0; j < NV; j++) \
			w[j] = vload((packing ? src : b) + j * VL); \
		UNROLL \
		for (int j = 0; packing && j < NV; j++) \
			vstore(b + j * VL, w[j]); \
		step(mr, s, a, rs, w); \
		a += cs; \
		b += NT; \
		src += packing ? ld : 0; \
	} while (0)
	for (; k >= KU; k -= KU)
		UNROLL
		for (int u = 0; u < KU; u++)
			STEP;
	for (; k > 0; k--)
		STEP;
#undef STEP
	if (act != ACT_NONE && act != ACT_TANH)
		UNROLL
		for (int i = 0; i < mr; i++)
			UNROLL
			for (int j = 0; j < NV; j++)
				s[i][j] = finish(s[i][j], act, y + i * ldc + j * VL, VL);
	UNROLL
	for (int i = 0; i < mr; i++)
		UNROLL
		for (int j = 0; j < NV; j++)
			vstore(c + i * ldc + j * VL, s[i][j]);
	if (act == ACT_TANH) /* too long to be done mr·NV times over in registers */
		for (int i = 0; i < mr; i++)
			UNROLL
			for (int j = 0; j < NV; j++)
				vstore(c + i * ldc + j * VL, vtanh(vload(c + i * ldc + j * VL)));
}

#if MR == 4
#define EVERY(CASE) CASE(1) CASE(2) CASE(3) CASE(4)
#elif MR == 6
#define EVERY(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#elif MR == 12
#define EVERY(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif

/* tiles tiles of mr rows, one below the other. */
static NOINLINE void strip(int mr, long tiles, long k, const float *a, long rs, long cs, const float *b,
			   float *c, long ldc, int init, const float *bias, int act, const float *y)
{
	switch (mr) {
#define CASE(m) \
	case m: \
		for (; tiles > 0; tiles--, a += m * rs, c += m * ldc, y += m * ldc) \
			tile(m, 0, k, a, rs, cs, (float *)b, 0, 0, c, ldc, init, bias, act, y); \
		break;
		EVERY(CASE)
#undef CASE
	}
}

/* One tile of mr rows, which packs src[k][NT], rows ld apart, to b on its way. */
static NOINLINE void packing_tile(int mr, long k, const float *a, long rs, long cs, float *b, const float *src, long ld,
			   float *c, long ldc, int init, const float *bias, int act, const float *y)
{
	switch (mr) {
#define CASE(m) \
	case m: \
			tile(m, 1, k, a, rs, cs, b, src, ld, c, ldc, init, bias, act, y); \
		break;
		EVERY(CASE)
#undef CASE
	}
}

/* dst[k][NT] = src[k][n], padded with zeros. */
static void pack(float *dst, const float *src, long ld, long k, int n)
{
	for (; k > 0; k--, dst += NT, src += ld) {
		memset(dst, 0, NT * sizeof *dst);
		memcpy(dst, src, n * sizeof *dst);
	}
}

/* The n ≤ NT columns of c that one panel b gives, for all m rows, in tiles of
 * nearly equal height. The first packs the panel, unless src is 0. */
static void panel(long m, int n, long k, const float *a, long rs, long cs, float *b, const float *src, long ld,
		  float *c, long ldc, int init, const float *bias, int act, const float *y)
{
	if (m == 0)
		return;
	long tiles = blocks(m, MR), low = m / tiles, high = m % tiles; /* high tiles of low + 1 rows */
	if (n == NT) {
		if (src) {
			int mr = (int)low + (high > 0);
			packing_tile(mr, k, a, rs, cs, b, src, ld, c, ldc, init, bias, act, y);
			a += mr * rs;
			c += mr * ldc;
			y += mr * ldc;
			tiles--;
			high -= high > 0;
		}
		strip((int)low + 1, high, k, a, rs, cs, b, c, ldc, init, bias, act, y);
		m = high * (low + 1);
		strip((int)low, tiles - high, k, a + m * rs, rs, cs, b, c + m * ldc, ldc, init, bias, act, y + m * ldc);
		return;
	}
	if (src)
		pack(b, src, ld, k, n);
	float edge[MR * NT], edge_y[MR * NT] = {0}, wide[NT];
	if (init == INIT_BIAS) {
		memset(wide, 0, sizeof wide);
		memcpy(wide, bias, n * sizeof *bias);
		bias = wide;
	}
	for (; tiles > 0; tiles--, high--) {
		int mr = (int)low + (high > 0);
		memset(edge, 0, sizeof edge);
		if (init == INIT_C)
			for (int i = 0; i < mr; i++)
				memcpy(edge + i * NT, c + i * ldc, n * sizeof *c);
		if (act >= SLOPE)
			for (int i = 0; i < mr; i++)
				memcpy(edge_y + i * NT, y + i * ldc, n * sizeof *y);
		strip(mr, 1, k, a, rs, cs, b, edge, NT, init, bias, act, edge_y);
		for (int i = 0; i < mr; i++)
			memcpy(c + i * ldc, edge + i * NT, n * sizeof *c);
		a += mr * rs;
		c += mr * ldc;
		y += mr * ldc;
	}
}

/* dst[k][NT] = src[n][k] transposed, padded with zeros. */
static void pack_transposed(float *dst, const float *src, long ld, long k, int n)
{
	long i = 0;
	if (n == NT)
		for (; i + VTRANSPOSE <= k; i += VTRANSPOSE)
			for (int j = 0; j < NT; j += VTRANSPOSE)
				vtranspose(dst + i * NT + j, NT, src + j * ld + i, ld);
	for (; i < k; i++)
		for (int j = 0; j < NT; j++)
			dst[i * NT + j] = j < n ? src[j * ld + i] : 0;
}

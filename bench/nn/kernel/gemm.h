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

/* A number that meets every lane. */
#ifndef vfactor
typedef vf vone;
#define vfactor(x) vset(x)
#endif

/* s[mr][nv] += a[mr] w[nv], in vectors. */
INLINE void step(const int mr, const int nv, vf (*s)[NV], const float *a, long rs, const vf *w)
{
	UNROLL
	for (int i = 0; i < mr; i++) {
		vone x = vfactor(a[i * rs]);
		UNROLL
		for (int j = 0; j < nv; j++)
			vaccumulate(s[i][j], x, w[j]);
	}
}

/* What is to be fetched into the cache meanwhile: lines of rows rows, ld apart. */
typedef struct {
	const float *from;
	long ld, rows, lines;
	long row, each; /* the next one; how many each tile fetches */
} ahead;

static NOINLINE void fetch(ahead *h)
{
	for (long i = h->each; i > 0 && h->lines > 0; i--) {
		__builtin_prefetch(h->from + h->row * h->ld);
		if (++h->row == h->rows) {
			h->row = 0;
			h->lines--;
			h->from += 16;
		}
	}
}

/* c[m][n] = act(init + a[m][k] b[k][n]), element (i, l) of a being a[i rs + l cs]. */
typedef struct {
	const float *a;
	long rs, cs;
	float *c;
	long ldc;
	int init, act; /* act: see finish */
	const float *bias, *y; /* y lies as c does */
	ahead next;
} product;

/* mr rows and NT columns of a product, b[k][NT] being a panel. Packing, the panel
 * is filled from src[k][NT], rows ld apart. The fields of the product are passed
 * one by one, for the compiler to keep in registers. */
INLINE void tile(const int mr, const int packing, long k, const float *a, long rs, long cs, float *b, const float *src, long ld,
		 float *c, long ldc, int init, int act, const float *bias, const float *y)
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
		step(mr, NV, s, a, rs, w); \
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
#endif

/* Goes on to the rows below. */
static inline void down(product *q, long rows)
{
	q->a += rows * q->rs;
	q->c += rows * q->ldc;
	q->y += rows * q->ldc;
}

/* tiles tiles of mr rows, one below the other. */
static NOINLINE void strip(int mr, long tiles, long k, const float *a, long rs, long cs, const float *b,
			   float *c, long ldc, int init, int act, const float *bias, const float *y, ahead *next)
{
	switch (mr) {
#define CASE(m) \
	case m: \
		for (; tiles > 0; tiles--, a += m * rs, c += m * ldc, y += m * ldc) { \
			if (next) \
				fetch(next); \
			tile(m, 0, k, a, rs, cs, (float *)b, 0, 0, c, ldc, init, act, bias, y); \
		} \
		break;
		EVERY(CASE)
#undef CASE
	}
}

static void strip_of(int mr, long tiles, product *q, long k, const float *b)
{
	strip(mr, tiles, k, q->a, q->rs, q->cs, b, q->c, q->ldc, q->init, q->act, q->bias, q->y, q->next.lines > 0 ? &q->next : 0);
	down(q, mr * tiles);
}

/* One tile of mr rows, which packs the panel on its way. */
static NOINLINE void packing_tile(int mr, product *q, long k, float *b, const float *src, long ld)
{
	switch (mr) {
#define CASE(m) \
	case m: \
		tile(m, 1, k, q->a, q->rs, q->cs, b, src, ld, q->c, q->ldc, q->init, q->act, q->bias, q->y); \
		break;
		EVERY(CASE)
#undef CASE
	}
	down(q, mr);
}

#include "tail.h"

/* The n ≤ NT columns of a product that one panel b gives, for all m rows, in tiles
 * of nearly equal height. The first packs the panel, unless src is 0. */
static void panel(product q, long m, int n, long k, float *b, const float *src, long ld)
{
	if (m == 0)
		return;
	long tiles = blocks(m, MR), low = m / tiles, high = m % tiles; /* high tiles of low + 1 rows */
	q.next.each = q.next.lines * q.next.rows / tiles + 1;
	if (n == NT) {
		if (src) {
			packing_tile((int)low + (high > 0), &q, k, b, src, ld);
			tiles--;
			high -= high > 0;
		}
		strip_of((int)low + 1, high, &q, k, b);
		strip_of((int)low, tiles - high, &q, k, b);
		return;
	}
	if (src)
		pack(b, src, ld, k, n);
	tail(&q, tiles, (int)low, high, n, k, b);
}

/* dst[k][NT] = src[n][k] transposed, padded with zeros to SIDE columns. It goes down
 * SIDE columns, a line of the cache, at a time: the rows of src that they come from
 * stay in L1 even where they lie a power of two apart. */
#define SIDE (NT < 16 ? NT : 16)
static void pack_transposed(float *dst, const float *src, long ld, long k, int n)
{
	for (int side = 0; side < n; side += SIDE) {
		long i = 0;
		if (side + SIDE <= n)
			for (; i + VTRANSPOSE <= k; i += VTRANSPOSE) {
				UNROLL
				for (int j = side; j < side + SIDE; j += VTRANSPOSE)
					vtranspose(dst + i * NT + j, NT, src + j * ld + i, ld);
			}
		for (; i < k; i++)
			for (int j = side; j < side + SIDE; j++)
				dst[i * NT + j] = j < n ? src[j * ld + i] : 0;
	}
}

/* The gradient of the weights, dw[in][out] = x[rows][in]ᵀ dz[rows][out], with the
 * column sums of dz, its gradient of the bias; and a step of Adam by both.
 *
 * Adam's root and quotient keep one unit of the processor busy and leave idle
 * those that multiply, so the step of a tile's parameters is done between the
 * products of the next tile: the gradient waits in a buffer meanwhile. */

#define HEIGHT (MR - 1) /* rows of a tile here: registers are left for sums and for Adam */

typedef struct {
	const update *u;
	float g[2][MR * NT]; /* two gradients of tiles, in turn being written and waiting */
	int turn, rows;      /* rows of the one waiting; none if 0 */
	float *p;            /* its parameters, rows ld apart */
	long ld;
} waiting;

static void flush(waiting *q)
{
	for (int i = 0; i < q->rows; i++)
		adam_row(q->p + i * q->ld, q->g[q->turn] + i * NT, NT, q->u);
	q->rows = 0;
}

/* A tile of mr rows that packs the panel b from src on its way, and sums its columns. */
INLINE void first_tile(const int mr, long k, const float *a, long cs, float *b, const float *src, long ld, float *c, long ldc, int init, float *sums)
{
	vf s[MR][NV], t[NV], w[NV];
	UNROLL
	for (int j = 0; j < NV; j++) {
		t[j] = vzero();
		UNROLL
		for (int i = 0; i < mr; i++)
			s[i][j] = init == INIT_C ? vload(c + i * ldc + j * VL) : vzero();
	}
	for (; k > 0; k--, a += cs, b += NT, src += ld) {
		UNROLL
		for (int j = 0; j < NV; j++) {
			w[j] = vload(src + j * VL);
			vstore(b + j * VL, w[j]);
			t[j] = vadd(t[j], w[j]);
		}
		step(mr, s, a, 1, w);
	}
	UNROLL
	for (int j = 0; j < NV; j++) {
		vstore(sums + j * VL, t[j]);
		UNROLL
		for (int i = 0; i < mr; i++)
			vstore(c + i * ldc + j * VL, s[i][j]);
	}
}

/* A tile of mr rows into the buffer g, with Adam for all of the waiting tile. */
INLINE void adam_tile(const int mr, long k, const float *a, long cs, const float *b, float *g, waiting *q, const float *next)
{
	const update u = *q->u;
	vf s[MR][NV], w[NV];
	UNROLL
	for (int i = 0; i < mr; i++)
		UNROLL
		for (int j = 0; j < NV; j++)
			s[i][j] = vzero();
#define STEP \
	do { \
		UNROLL \
		for (int j = 0; j < NV; j++) \
			w[j] = vload(b + j * VL); \
		step(mr, s, a, 1, w); \
		a += cs; \
		b += NT; \
	} while (0)
	long i = 0;
	float *p = q->p, *m = u.m + (p - u.base), *v = u.v + (p - u.base);
	const float *old = q->g[q->turn];
	for (; i < q->rows && k >= KU * NV; i++, k -= KU * NV) {
		__builtin_prefetch(next, 1);
		__builtin_prefetch(u.m + (next - u.base), 1);
		__builtin_prefetch(u.v + (next - u.base), 1);
		next += q->ld;
		UNROLL
		for (int j = 0; j < NV; j++) {
			UNROLL
			for (int h = 0; h < KU; h++)
				STEP;
			adam_vector(p + j * VL, old + j * VL, m + j * VL, v + j * VL, VL, &u);
		}
		p += q->ld;
		m += q->ld;
		v += q->ld;
		old += NT;
	}
	for (; k > 0; k--)
		STEP;
#undef STEP
	UNROLL
	for (int r = 0; r < mr; r++)
		UNROLL
		for (int j = 0; j < NV; j++)
			vstore(g + r * NT + j * VL, s[r][j]);
	for (; i < q->rows; i++, p += q->ld, old += NT)
		adam_row(p, old, NT, &u);
	q->rows = 0;
}

#if HEIGHT == 3
#define HEIGHTS(CASE) CASE(1) CASE(2) CASE(3)
#elif HEIGHT == 5
#define HEIGHTS(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#elif HEIGHT == 11
#define HEIGHTS(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
#endif

static NOINLINE void any_first_tile(int mr, long k, const float *a, long cs, float *b, const float *src, long ld, float *c, long ldc, int init, float *sums)
{
	switch (mr) {
#define CASE(m) \
	case m: \
		first_tile(m, k, a, cs, b, src, ld, c, ldc, init, sums); \
		break;
		HEIGHTS(CASE)
#undef CASE
	}
}

/* m rows of tiles of nearly equal height, whose gradients wait in turn. */
static NOINLINE void adam_strip(long m, long k, const float *a, long cs, const float *b, float *c, long ldc, waiting *q)
{
	for (long tiles = blocks(m, HEIGHT); tiles > 0; tiles--) {
		int mr = (int)blocks(m, tiles);
		float *g = q->g[!q->turn];
		switch (mr) {
#define CASE(r) \
	case r: \
		adam_tile(r, k, a, cs, b, g, q, c); \
		break;
			HEIGHTS(CASE)
#undef CASE
		}
		q->turn = !q->turn;
		q->rows = mr;
		q->p = c;
		q->ld = ldc;
		m -= mr;
		a += mr;
		c += mr * ldc;
	}
}

/* The same for n < NT columns: b is packed, g has room for m rows of HEIGHT. */
static void narrow_panel(long m, int n, long k, const float *a, long cs, float *b, float *c, long ldc, int init, const update *u)
{
	if (!u) {
		panel(m, n, k, a, 1, cs, b, 0, 0, c, ldc, init, 0, ACT_NONE, 0);
		return;
	}
	float g[MR * NT];
	for (long mr; m > 0; m -= mr, a += mr, c += mr * ldc) {
		mr = m < MR ? m : MR;
		panel(mr, NT, k, a, 1, cs, b, 0, 0, g, NT, INIT_ZERO, 0, ACT_NONE, 0);
		for (int i = 0; i < mr; i++)
			adam_row(c + i * ldc, g + i * NT, n, u);
	}
}

/* t is a panel of deep rows; with Adam, deep must be at least rows. */
static void linear_dw(float *dw, float *db, const float *x, const float *dz, long rows, long in, long out, int add,
		      const update *uw, const update *ub, float *t, long deep)
{
	if (out <= THIN) {
		THIN_SWITCH(out, narrow, rows, in, dw, db, x, dz, add, uw, ub)
		return;
	}
	if (in <= THIN) {
		THIN_SWITCH(in, wide, rows, out, dw, db, x, dz, add, uw, ub)
		return;
	}
	waiting q = {.u = uw};
	long parts = blocks(rows, deep), first = in < HEIGHT ? in : HEIGHT;
	for (long k0 = 0, k; k0 < rows; k0 += k, parts--) {
		k = blocks(rows - k0, parts);
		const float *xk = x + k0 * in;
		int init = add || k0 > 0 ? INIT_C : INIT_ZERO;
		for (long j = 0; j < out; j += NT) {
			int n = out - j < NT ? (int)(out - j) : NT;
			float sums[NT], *c = dw + j;
			const float *src = dz + k0 * out + j;
			if (n < NT) {
				pack(t, src, out, k, n);
				memset(sums, 0, sizeof sums);
				for (long r = 0; r < k; r++)
					for (int i = 0; i < n; i++)
						sums[i] += t[r * NT + i];
				narrow_panel(in, n, k, xk, in, t, c, out, init, uw);
			} else if (uw) {
				flush(&q);
				any_first_tile((int)first, k, xk, in, t, src, out, q.g[q.turn], NT, INIT_ZERO, sums);
				q.rows = (int)first;
				q.p = c;
				q.ld = out;
				adam_strip(in - first, k, xk + first, in, t, c + first * out, out, &q);
			} else {
				any_first_tile((int)first, k, xk, in, t, src, out, c, out, init, sums);
				panel(in - first, NT, k, xk + first, 1, in, t, 0, 0, c + first * out, out, init, 0, ACT_NONE, 0);
			}
			if (db)
				put(db + j, sums, n, init == INIT_C, ub);
		}
	}
	flush(&q);
}

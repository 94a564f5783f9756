/* The last n < NT columns of a product: pack makes their panel, dst[k][NT] = src[k][n],
 * and tail multiplies by it, in tiles tiles of low rows, high of them of one more. */

#ifdef MASKED
/* Tiles of as many vectors as there are, the last of them masked. */

static void pack(float *dst, const float *src, long ld, long k, int n)
{
	for (; k > 0; k--, dst += NT, src += ld)
		for (int j = 0; j < n; j += VL)
			vstore(dst + j, vload_n(src + j, n - j));
}

/* to[mr][NT] = init + a b, in nv vectors a row. */
INLINE void tail_tile(const int mr, const int nv, float *to, const product *q, int n, long k, const float *b)
{
	const float *a = q->a;
	vf s[MR][NV], w[NV];
	UNROLL
	for (int i = 0; i < mr; i++)
		UNROLL
		for (int j = 0; j < nv; j++)
			s[i][j] = q->init == INIT_C ? vload_n(q->c + i * q->ldc + j * VL, n - j * VL)
				: q->init == INIT_BIAS ? vload_n(q->bias + j * VL, n - j * VL) : vzero();
	for (; k > 0; k--, a += q->cs, b += NT) {
		UNROLL
		for (int j = 0; j < nv; j++)
			w[j] = vload(b + j * VL);
		step(mr, nv, s, a, q->rs, w);
	}
	UNROLL
	for (int i = 0; i < mr; i++)
		UNROLL
		for (int j = 0; j < nv; j++)
			vstore(to + i * NT + j * VL, s[i][j]);
}

#if NV == 4
#define EVERY_WIDTH(CASE) CASE(1) CASE(2) CASE(3) CASE(4)
#endif

INLINE void tail_rows(const int mr, float *to, const product *q, int n, long k, const float *b)
{
	switch ((n + VL - 1) / VL) {
#define CASE(nv) \
	case nv: \
		tail_tile(mr, nv, to, q, n, k, b); \
		break;
		EVERY_WIDTH(CASE)
#undef CASE
	}
}

static NOINLINE void any_tail(int mr, float *to, const product *q, int n, long k, const float *b)
{
	switch (mr) {
#define CASE(m) \
	case m: \
		tail_rows(m, to, q, n, k, b); \
		break;
		EVERY(CASE)
#undef CASE
	}
}

static void tail(product *q, long tiles, int low, long high, int n, long k, const float *b)
{
	float s[MR * NT] ALIGNED;
	for (; tiles > 0; tiles--, high--) {
		int mr = low + (high > 0);
		any_tail(mr, s, q, n, k, b);
		for (int i = 0; i < mr; i++)
			for (int j = 0; j < n; j += VL)
				vstore_n(q->c + i * q->ldc + j, finish(vload(s + i * NT + j), q->act, q->y + i * q->ldc + j, n - j), n - j);
		down(q, mr);
	}
}

#else
/* The tiles of all other columns, padded with zeros. */

static void pack(float *dst, const float *src, long ld, long k, int n)
{
	for (; k > 0; k--, dst += NT, src += ld) {
		memset(dst, 0, NT * sizeof *dst);
		memcpy(dst, src, n * sizeof *dst);
	}
}

static void tail(product *q, long tiles, int low, long high, int n, long k, const float *b)
{
	float bias[NT] = {0}, c[MR * NT] = {0}, y[MR * NT] = {0};
	if (q->init == INIT_BIAS)
		memcpy(bias, q->bias, n * sizeof *bias);
	for (; tiles > 0; tiles--, high--) {
		int mr = low + (high > 0);
		product e = *q;
		e.bias = bias;
		e.c = c;
		e.y = y;
		e.ldc = NT;
		if (q->init == INIT_C)
			for (int i = 0; i < mr; i++)
				memcpy(c + i * NT, q->c + i * q->ldc, n * sizeof *c);
		if (q->act >= SLOPE)
			for (int i = 0; i < mr; i++)
				memcpy(y + i * NT, q->y + i * q->ldc, n * sizeof *y);
		strip_of(mr, 1, &e, k, b);
		for (int i = 0; i < mr; i++)
			memcpy(q->c + i * q->ldc, c + i * NT, n * sizeof *c);
		down(q, mr);
	}
}
#endif

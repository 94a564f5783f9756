/* The gradient of the weights, dw[in][out] = x[rows][in]ᵀ dz[rows][out], with the
 * column sums of dz, that of the bias. */

#define HEIGHT (MR - 1) /* rows of the first tile of a panel, which needs registers for the sums */

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
		step(mr, NV, s, a, 1, w);
	}
	UNROLL
	for (int j = 0; j < NV; j++) {
		vstore(sums + j * VL, t[j]);
		UNROLL
		for (int i = 0; i < mr; i++)
			vstore(c + i * ldc + j * VL, s[i][j]);
	}
}

#if HEIGHT == 3
#define HEIGHTS(CASE) CASE(1) CASE(2) CASE(3)
#elif HEIGHT == 5
#define HEIGHTS(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
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

static void column_sums(float *db, const float *dz, long rows, int n, int add)
{
	for (int j = 0; j < n; j++) {
		float s = 0;
		for (long i = 0; i < rows; i++)
			s += dz[i * n + j];
		db[j] = add ? db[j] + s : s;
	}
}

static NOINLINE void linear_dw(float *dw, float *db, const float *x, const float *dz, long rows, long in, long out, int add)
{
	if (in <= THIN) {
		THIN_SWITCH(in, wide, rows, out, dw, db, x, dz, add)
		return;
	}
	float t[KC * NT] ALIGNED;
	long parts = blocks(rows, KC), first = in < HEIGHT ? in : HEIGHT;
	for (long k0 = 0, k; k0 < rows; k0 += k, parts--) {
		k = blocks(rows - k0, parts);
		const float *xk = x + k0 * in;
		int init = add || k0 > 0 ? INIT_C : INIT_ZERO;
		for (long j = 0; j < out; j += NT) {
			int n = out - j < NT ? (int)(out - j) : NT;
			float sums[NT], *c = dw + j;
			const float *src = dz + k0 * out + j;
			product q = {.a = xk, .rs = 1, .cs = in, .c = c, .ldc = out, .y = c, .init = init, .act = ACT_NONE};
			if (n < NT) {
				pack(t, src, out, k, n);
				for (int i = 0; i < n; i += VL) {
					vf s = vzero();
					for (long r = 0; r < k; r++)
						s = vadd(s, vload(t + r * NT + i));
					vstore(sums + i, s);
				}
				panel(q, in, n, k, t, 0, 0);
			} else {
				any_first_tile((int)first, k, xk, in, t, src, out, c, out, init, sums);
				down(&q, first);
				panel(q, in - first, NT, k, t, 0, 0);
			}
			if (db)
				put(db + j, sums, n, init == INIT_C);
		}
	}
}

/* Eight lanes of AVX2 and FMA. */
#include <immintrin.h>

#define SET avx2
#define VL 8  /* lanes of a vector */
#define NV 2  /* vectors in a row of a register tile */
#define MR 6  /* rows of a register tile: 12 of 16 registers accumulate */
#define KC 256 /* depth of a packed panel: 16 KiB, half of L1 */
#define KU 4

typedef __m256 vf;
typedef __m256 vm;
typedef __m256i vi;

#define vload(p) _mm256_loadu_ps(p)
#define vstore(p, v) _mm256_storeu_ps(p, v)
#define vset(x) _mm256_set1_ps(x)
#define vzero() _mm256_setzero_ps()
#define vadd(a, b) _mm256_add_ps(a, b)
#define vsub(a, b) _mm256_sub_ps(a, b)
#define vmul(a, b) _mm256_mul_ps(a, b)
#define vdiv(a, b) _mm256_div_ps(a, b)
#define vsqrt(a) _mm256_sqrt_ps(a)
#define vfma(a, b, c) _mm256_fmadd_ps(a, b, c)   /* a*b + c */
#define vfnma(a, b, c) _mm256_fnmadd_ps(a, b, c) /* c - a*b */
#define vfms(a, b, c) _mm256_fmsub_ps(a, b, c)   /* a*b - c */
/* vmax(a, b) and vmin(a, b) give b where either is NaN. */
#define vmax(a, b) _mm256_max_ps(a, b)
#define vmin(a, b) _mm256_min_ps(a, b)
/* vnle: not a <= b, so true where either is NaN. */
#define vnle(a, b) _mm256_cmp_ps(a, b, _CMP_NLE_UQ)
#define vand(m, a) _mm256_and_ps(m, a)
#define vpick(m, a, b) _mm256_blendv_ps(b, a, m) /* m ? a : b */
#define vabs(a) _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a)
/* The bit patterns, as 32-bit integers. */
#define vbits(a) _mm256_castps_si256(a)
#define vfloat(a) _mm256_castsi256_ps(a)
#define viadd(a, b) _mm256_add_epi32(a, b)
#define viset(x) _mm256_set1_epi32(x)
#define vishl23(a) _mm256_slli_epi32(a, 23)

static inline float vsum(vf a)
{
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	s = _mm_add_ss(s, _mm_movehdup_ps(s));
	return _mm_cvtss_f32(s);
}

/* An 8 × 8 block of src, rows ls apart, transposed to dst, rows ld apart. */
#define VTRANSPOSE 8
static inline void vtranspose(float *dst, long ld, const float *src, long ls)
{
	__m256 r[8], t[8];
	for (int i = 0; i < 4; i++) {
		r[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src + i * ls)), _mm_loadu_ps(src + (i + 4) * ls), 1);
		r[i + 4] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src + i * ls + 4)), _mm_loadu_ps(src + (i + 4) * ls + 4), 1);
	}
	for (int h = 0; h < 8; h += 4) {
		t[h] = _mm256_unpacklo_ps(r[h], r[h + 1]);
		t[h + 1] = _mm256_unpackhi_ps(r[h], r[h + 1]);
		t[h + 2] = _mm256_unpacklo_ps(r[h + 2], r[h + 3]);
		t[h + 3] = _mm256_unpackhi_ps(r[h + 2], r[h + 3]);
		_mm256_storeu_ps(dst + (h + 0) * ld, _mm256_shuffle_ps(t[h], t[h + 2], 0x44));
		_mm256_storeu_ps(dst + (h + 1) * ld, _mm256_shuffle_ps(t[h], t[h + 2], 0xee));
		_mm256_storeu_ps(dst + (h + 2) * ld, _mm256_shuffle_ps(t[h + 1], t[h + 3], 0x44));
		_mm256_storeu_ps(dst + (h + 3) * ld, _mm256_shuffle_ps(t[h + 1], t[h + 3], 0xee));
	}
}

/* s += x w, in one register for s all the way: left to itself the compiler moves
 * the sums of a tile from register to register, and one of them to memory. */
#define vaccumulate(s, x, w) __asm__("vfmadd231ps %2, %1, %0" : "+x"(s) : "x"(x), "x"(w))

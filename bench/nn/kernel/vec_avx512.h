/* Sixteen lanes of AVX-512 (F, DQ and VL). */
#include "eight.h"

#define SET avx512
#define VL 16
#define NV 4
#define MR 6  /* 24 of 32 registers accumulate */
#define KC 256
#define KU 1

typedef __m512 vf;
typedef __mmask16 vm;
typedef __m512i vi;

#define vload(p) _mm512_loadu_ps(p)
#define vstore(p, v) _mm512_storeu_ps(p, v)
#define vset(x) _mm512_set1_ps(x)
#define vzero() _mm512_setzero_ps()
#define vadd(a, b) _mm512_add_ps(a, b)
#define vsub(a, b) _mm512_sub_ps(a, b)
#define vmul(a, b) _mm512_mul_ps(a, b)
#define vdiv(a, b) _mm512_div_ps(a, b)
#define vsqrt(a) _mm512_sqrt_ps(a)
#define vfma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define vfnma(a, b, c) _mm512_fnmadd_ps(a, b, c)
#define vfms(a, b, c) _mm512_fmsub_ps(a, b, c)
#define vmax(a, b) _mm512_max_ps(a, b)
#define vmin(a, b) _mm512_min_ps(a, b)
#define vnle(a, b) _mm512_cmp_ps_mask(a, b, _CMP_NLE_UQ)
#define vand(m, a) _mm512_maskz_mov_ps(m, a)
#define vpick(m, a, b) _mm512_mask_blend_ps(m, b, a)
#define vabs(a) _mm512_andnot_ps(_mm512_set1_ps(-0.0f), a)
#define vbits(a) _mm512_castps_si512(a)
#define vfloat(a) _mm512_castsi512_ps(a)
#define viadd(a, b) _mm512_add_epi32(a, b)
#define viset(x) _mm512_set1_epi32(x)
#define vishl23(a) _mm512_slli_epi32(a, 23)

/* Tails by mask: what is masked off is neither read nor written. */
#define MASKED
static inline vf vload_n(const float *p, long n)
{
	return n >= VL ? vload(p) : _mm512_maskz_loadu_ps((vm)((1u << n) - 1), p);
}
static inline void vstore_n(float *p, vf v, long n)
{
	if (n >= VL)
		vstore(p, v);
	else
		_mm512_mask_storeu_ps(p, (vm)((1u << n) - 1), v);
}

/* Dot products keep the eight partial sums of AVX2 (see thin.h). */
#define DL 8
typedef __m256 df;
#define dzero() _mm256_setzero_ps()
#define dfma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define dsum(a) sum8(a)
static inline df dload_n(const float *p, long n)
{
	return n >= DL ? _mm256_loadu_ps(p) : _mm256_maskz_loadu_ps((__mmask8)((1u << n) - 1), p);
}

/* As for AVX2; v is any of the 32 registers. */
#define vaccumulate(s, x, w) __asm__("vfmadd231ps %2, %1, %0" : "+v"(s) : "v"(x), "v"(w))

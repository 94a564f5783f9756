/* Eight lanes of AVX2 and FMA. */
#include "eight.h"

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

#define vsum(a) sum8(a)

/* s += x w, in one register for s all the way: left to itself the compiler moves
 * the sums of a tile from register to register, and one of them to memory. */
#define vaccumulate(s, x, w) __asm__("vfmadd231ps %2, %1, %0" : "+x"(s) : "x"(x), "x"(w))

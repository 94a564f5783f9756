/* Four lanes of NEON (arm64), with fused multiply-adds. */
#include <arm_neon.h>
#include <string.h>

#define SET neon
#define VL 4
#define NV 4
#define MR 6 /* 24 of 32 registers accumulate */
#define KC 256
#define KU 1

typedef float32x4_t vf;
typedef uint32x4_t vm;
typedef int32x4_t vi;

#define vload(p) vld1q_f32(p)
#define vstore(p, v) vst1q_f32(p, v)
#define vset(x) vdupq_n_f32(x)
#define vzero() vdupq_n_f32(0)
#define vadd(a, b) vaddq_f32(a, b)
#define vsub(a, b) vsubq_f32(a, b)
#define vmul(a, b) vmulq_f32(a, b)
#define vdiv(a, b) vdivq_f32(a, b)
#define vsqrt(a) vsqrtq_f32(a)
#define vfma(a, b, c) vfmaq_f32(c, a, b)
#define vfnma(a, b, c) vfmsq_f32(c, a, b)
#define vfms(a, b, c) vfmaq_f32(vnegq_f32(c), a, b)
/* Not fmax and fmin, which give NaN where either is, and of two zeros the positive one. */
static inline vf vmax(vf a, vf b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
static inline vf vmin(vf a, vf b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
#define vnle(a, b) vmvnq_u32(vcleq_f32(a, b))
#define vand(m, a) vreinterpretq_f32_u32(vandq_u32(m, vreinterpretq_u32_f32(a)))
#define vpick(m, a, b) vbslq_f32(m, a, b)
#define vabs(a) vabsq_f32(a)
#define vbits(a) vreinterpretq_s32_f32(a)
#define vfloat(a) vreinterpretq_f32_s32(a)
#define viadd(a, b) vaddq_s32(a, b)
#define viset(x) vdupq_n_s32(x)
#define vishl23(a) vshlq_n_s32(a, 23)

/* Dot products keep the eight partial sums of AVX2 (see thin.h), in two vectors. */
#define DL 8
typedef struct {
	vf lo, hi;
} df;
#define dzero() ((df){vzero(), vzero()})
static inline df dfma(df a, df b, df c) { return (df){vfma(a.lo, b.lo, c.lo), vfma(a.hi, b.hi, c.hi)}; }
static inline float dsum(df a) /* in the order of sum8 */
{
	vf s = vadd(a.lo, a.hi);
	return vpadds_f32(vadd_f32(vget_low_f32(s), vget_high_f32(s)));
}
static inline df dload_n(const float *p, long n)
{
	float t[DL] = {0};
	if (n < DL) {
		memcpy(t, p, n * sizeof *t);
		p = t;
	}
	return (df){vload(p), vload(p + VL)};
}

#define VTRANSPOSE 4
static inline void vtranspose(float *dst, long ld, const float *src, long ls)
{
	vf a = vload(src), b = vload(src + ls), c = vload(src + 2 * ls), d = vload(src + 3 * ls);
	vf even = vtrn1q_f32(a, b), odd = vtrn2q_f32(a, b), even2 = vtrn1q_f32(c, d), odd2 = vtrn2q_f32(c, d);
	vstore(dst, vcombine_f32(vget_low_f32(even), vget_low_f32(even2)));
	vstore(dst + ld, vcombine_f32(vget_low_f32(odd), vget_low_f32(odd2)));
	vstore(dst + 2 * ld, vcombine_f32(vget_high_f32(even), vget_high_f32(even2)));
	vstore(dst + 3 * ld, vcombine_f32(vget_high_f32(odd), vget_high_f32(odd2)));
}

/* As for AVX2. x is one number, which the instruction takes for every lane: a load that
 * fills a vector with it would take the multipliers' time. */
typedef float vone;
#define vfactor(x) (x)
#define vaccumulate(s, x, w) __asm__("fmla %0.4s, %2.4s, %1.s[0]" : "+w"(s) : "w"(x), "w"(w))

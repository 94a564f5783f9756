/* Four lanes of the compiler's vector extension: any machine that gcc or clang
 * knows. A product and its sum are rounded separately unless the compiler is
 * told otherwise, which it is not. */
#include <string.h>

#define SET portable
#define VL 4
#define NV 2
#define MR 4
#define KC 256
#define KU 4

typedef float vf __attribute__((vector_size(16)));
typedef int vi __attribute__((vector_size(16)));
typedef vi vm;

static inline vf vload(const float *p)
{
	vf v;
	memcpy(&v, p, sizeof v);
	return v;
}
static inline void vstore(float *p, vf v) { memcpy(p, &v, sizeof v); }
static inline vf vset(float x) { return (vf){x, x, x, x}; }
#define vzero() vset(0)
#define vadd(a, b) ((a) + (b))
#define vsub(a, b) ((a) - (b))
#define vmul(a, b) ((a) * (b))
#define vdiv(a, b) ((a) / (b))
static inline vf vsqrt(vf a)
{
	return (vf){__builtin_sqrtf(a[0]), __builtin_sqrtf(a[1]), __builtin_sqrtf(a[2]), __builtin_sqrtf(a[3])};
}
#define vfma(a, b, c) ((a) * (b) + (c))
#define vfnma(a, b, c) ((c) - (a) * (b))
#define vfms(a, b, c) ((a) * (b) - (c))
#define vaccumulate(s, x, w) ((s) += (x) * (w))
#define vbits(a) ((vi)(a))
#define vfloat(a) ((vf)(a))
#define vnle(a, b) ((vm)~((a) <= (b)))
static inline vf vand(vm m, vf a) { return (vf)(m & (vi)a); }
static inline vf vpick(vm m, vf a, vf b) { return (vf)((m & (vi)a) | (~m & (vi)b)); }
static inline vf vmax(vf a, vf b) { return vpick((vm)(a > b), a, b); }
static inline vf vmin(vf a, vf b) { return vpick((vm)(b > a), a, b); }
#define viset(x) ((vi){x, x, x, x})
#define vabs(a) ((vf)((vi)(a) & viset(0x7fffffff)))
#define viadd(a, b) ((a) + (b))
#define vishl23(a) ((a) << 23)
static inline float vsum(vf a) { return (a[0] + a[2]) + (a[1] + a[3]); }

#define VTRANSPOSE 4
static inline void vtranspose(float *dst, long ld, const float *src, long ls)
{
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			dst[j * ld + i] = src[i * ls + j];
}

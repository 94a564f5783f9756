//go:build cgo

#include "kernel.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

extern const kernels kernels_avx512, kernels_avx2, kernels_neon, kernels_portable;

const kernels *kernel_set(int i)
{
#if defined(__x86_64__)
	__builtin_cpu_init(); /* supports: by the processor and the operating system */
	int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
	if (avx512 && i-- == 0)
		return &kernels_avx512;
	if (avx2 && i-- == 0)
		return &kernels_avx2;
#elif defined(__aarch64__)
	if (i-- == 0)
		return &kernels_neon;
#endif
	return i == 0 ? &kernels_portable : 0;
}

static const kernels *used;

void kernel_use(const kernels *set) { used = set; }

/* Denormal numbers are taken and given as zero (FTZ and DAZ), as XLA and GPUs have it:
 * where a discriminator is sure of itself its gradients are denormal, and each product
 * with one costs a microcode assist. The caller's mode is put back behind each call. */
#if defined(__x86_64__)
#define FLUSHED(call) \
	do { \
		unsigned mode = _mm_getcsr(); \
		_mm_setcsr(mode | 0x8040); \
		call; \
		_mm_setcsr(mode); \
	} while (0)
#elif defined(__aarch64__)
#define FLUSHED(call) \
	do { \
		unsigned long mode; \
		__asm__ volatile("mrs %0, fpcr" : "=r"(mode)); \
		__asm__ volatile("msr fpcr, %0" : : "r"(mode | 1ul << 24)); \
		call; \
		__asm__ volatile("msr fpcr, %0" : : "r"(mode)); \
	} while (0)
#else
#define FLUSHED(call) call
#endif

void kernel_linear_forward(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act)
{
	FLUSHED(used->linear_forward(y, x, w, b, rows, in, out, act));
}

void kernel_linear_backward(float *dx, float *dw, float *db, const float *dz, const float *x, const float *w, long rows, long in, long out, int below, int add)
{
	FLUSHED(used->linear_backward(dx, dw, db, dz, x, w, rows, in, out, below, add));
}

void kernel_slope(float *dy, const float *y, long n, int act)
{
	FLUSHED(used->slope(dy, y, n, act));
}

void kernel_norm_forward(float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var, float *mean, float *inv, long rows, long width, float momentum, float eps, int act)
{
	FLUSHED(used->norm_forward(y, x, gamma, beta, run_mean, run_var, mean, inv, rows, width, momentum, eps, act));
}

void kernel_norm_backward(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y, const float *gamma, const float *mean, const float *inv, long rows, long width, int add, int act)
{
	FLUSHED(used->norm_backward(dx, dgamma, dbeta, dy, x, y, gamma, mean, inv, rows, width, add, act));
}

void kernel_norm_infer(float *y, const float *x, const float *gamma, const float *beta, const float *mean, const float *var, long rows, long width, float eps, int act)
{
	FLUSHED(used->norm_infer(y, x, gamma, beta, mean, var, rows, width, eps, act));
}

double kernel_softplus(float *dx, const float *x, long n, float s, float c)
{
	double sum;
	FLUSHED(sum = used->softplus(dx, x, n, s, c));
	return sum;
}

void kernel_adam(float *p, const float *g, float *m, float *v, long n, const float k[5])
{
	FLUSHED(used->adam(p, g, m, v, n, k));
}

void kernel_sgd(float *p, const float *g, float *m, long n, float lr, float momentum)
{
	FLUSHED(used->sgd(p, g, m, n, lr, momentum));
}

void kernel_tanh(float *y, long n)
{
	FLUSHED(used->tanh(y, n));
}

void kernel_patches_take(float *cols, const float *maps, float *sums, float *line, long images, long side, long channels, int planar)
{
	FLUSHED(used->patches_take(cols, maps, sums, line, images, side, channels, planar));
}

void kernel_patches_put(float *maps, const float *cols, const float *bias, float *line, long images, long side, long channels, int planar, int act)
{
	FLUSHED(used->patches_put(maps, cols, bias, line, images, side, channels, planar, act));
}

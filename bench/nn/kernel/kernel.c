//go:build cgo

#include "kernel.h"

extern const kernels kernels_avx2, kernels_portable;

const kernels *const *kernel_sets(void)
{
	static const kernels *found[4];
	int n = 0;
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		found[n++] = &kernels_avx2;
#endif
	found[n++] = &kernels_portable;
	found[n] = 0;
	return found;
}

void kernel_linear_forward(const kernels *set, float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act)
{
	set->linear_forward(y, x, w, b, rows, in, out, act);
}

void kernel_linear_backward(const kernels *set, float *dx, float *dw, float *db, float *dy, const float *x, const float *w, const float *y, long rows, long in, long out, int act, int add)
{
	set->linear_backward(dx, dw, db, dy, x, w, y, rows, in, out, act, add);
}

void kernel_norm_forward(const kernels *set, float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var, float *mean, float *inv, long rows, long width, float momentum, float eps)
{
	set->norm_forward(y, x, gamma, beta, run_mean, run_var, mean, inv, rows, width, momentum, eps);
}

void kernel_norm_backward(const kernels *set, float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y, const float *gamma, const float *mean, const float *inv, long rows, long width, int add)
{
	set->norm_backward(dx, dgamma, dbeta, dy, x, y, gamma, mean, inv, rows, width, add);
}

void kernel_norm_infer(const kernels *set, float *y, const float *x, const float *gamma, const float *beta, const float *mean, const float *var, long rows, long width, float eps)
{
	set->norm_infer(y, x, gamma, beta, mean, var, rows, width, eps);
}

double kernel_softplus(const kernels *set, float *dx, const float *x, long n, float s, float c)
{
	return set->softplus(dx, x, n, s, c);
}

void kernel_adam(const kernels *set, float *p, const float *g, float *m, float *v, long n, const float k[7])
{
	set->adam(p, g, m, v, n, k);
}

void kernel_sgd(const kernels *set, float *p, const float *g, float *m, long n, float lr, float momentum)
{
	set->sgd(p, g, m, n, lr, momentum);
}

void kernel_tanh(const kernels *set, float *y, long n)
{
	set->tanh(y, n);
}

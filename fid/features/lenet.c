//go:build cgo

#include "lenet.h"
#define FUSED(sum, a, b) ((sum) += (a) * (b)) /* rounded apart */
#include "lenet_body.h"

void lenet_features(float *y, const float *x, long n, long channels, long pad, const lenet *net)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
		lenet_features_avx2(y, x, n, channels, pad, net);
		return;
	}
#endif
	features(y, x, n, channels, pad, net);
}

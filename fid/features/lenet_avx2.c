//go:build cgo

#include "lenet.h"
#if defined(__x86_64__)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#define FUSED(sum, a, b) \
	do { \
		vf by = b; \
		__asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(by), "x"(a)); \
	} while (0)
#include "lenet_body.h"

void lenet_features_avx2(float *y, const float *x, long n, long channels, long pad, const lenet *net)
{
	features(y, x, n, channels, pad, net);
}
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif

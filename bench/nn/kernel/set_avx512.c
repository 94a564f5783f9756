//go:build cgo

#if defined(__x86_64__)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512vl,avx2,fma")
#endif
#include "vec_avx512.h"
#include "ops.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif

/* All operations in terms of one of the vec_*.h; included once by every set_*.c. */
#include "kernel.h"
#include <string.h>

/* hide keeps the compiler from knowing a pointer, so from keeping in registers what it points to. */
#define hide(p) __asm__ volatile("" : "+r"(p))
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
/* A product and a sum are rounded once only where a kernel says so (vfma), whatever the
 * compiler: gcc does as -std=c99 says, clang as this does. */
#define ALIGNED __attribute__((aligned(64))) /* to the lines of the cache */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#define UNROLL _Pragma("unroll")
#pragma clang diagnostic ignored "-Wpass-failed"
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#include "elementary.h"
#include "gemm.h"
#include "thin.h"
#include "dw.h"
#include "linear.h"
#include "norm.h"
#include "train.h"
#include "patches.h"

static void tanh_rows(float *y, long n) { finish_rows(y, y, n, ACT_TANH); }

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME2(a) #a
#define NAME(a) NAME2(a)
const kernels PASTE(kernels_, SET) = {
    NAME(SET), linear_forward, linear_backward, slope_rows, norm_forward, norm_backward, norm_infer, softplus, adam, sgd, tanh_rows,
    patches_take, patches_put,
};

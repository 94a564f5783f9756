// What gotch does not offer of libtorch: its CUDA libraries on demand, matrix products on memory that is not
// libtorch's, the mode for denormal numbers, singular values on a CPU (gotch always names
// a driver, which only CUDA has), and its version.
#define AT_PER_OPERATOR_HEADERS  // ATen.h takes three times as long to read
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_svdvals.h>
#include <cstdio>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/version.h>

extern "C" const char *fig5_libtorch_version() { return TORCH_VERSION; }

// Makes libtorch's operators on this thread take and give denormal numbers as zero; 1
// where the processor can.
extern "C" int fig5_flush_denormal() { return at::globalContext().setFlushDenormal(true); }

// The number of GPUs that libtorch can use, once its CUDA libraries are loaded; -1 and why
// not where they cannot be.
extern "C" int fig5_gpus(char *why, long size) {
  why[0] = 0;
  if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) {
    snprintf(why, size, "%s", dlerror());
    return -1;
  }
  try {
    return static_cast<int>(torch::cuda::device_count());
  } catch (const std::exception &e) {
    snprintf(why, size, "%s", e.what());
    return -1;
  }
}

// c[m×n] = alpha op(a) op(b) + beta c, rows ld* apart; 0 or 1 for an exception.
extern "C" int fig5_gemm(int ta, int tb, long m, long n, long k, double alpha, double *a, long lda, double *b, long ldb,
                         double beta, double *c, long ldc) {
  try {
    auto matrix = [](double *p, long rows, long cols, long ld) { return at::from_blob(p, {rows, cols}, {ld, 1}, at::kDouble); };
    auto x = ta ? matrix(a, k, m, lda).t() : matrix(a, m, k, lda);
    auto y = tb ? matrix(b, n, k, ldb).t() : matrix(b, k, n, ldb);
    auto z = matrix(c, m, n, ldc);
    at::addmm_out(z, z, x, y, beta, alpha);
    return 0;
  } catch (const std::exception &) {
    return 1;
  }
}

// s[min(rows, cols)] = the singular values of a[rows×cols]; 0 or 1 for an exception.
extern "C" int fig5_svdvals(double *a, long rows, long cols, double *s) {
  try {
    auto values = at::linalg_svdvals(at::from_blob(a, {rows, cols}, at::kDouble));
    at::from_blob(s, {values.numel()}, at::kDouble).copy_(values);
    return 0;
  } catch (const std::exception &) {
    return 1;
  }
}

// What gotch does not offer of libtorch: its CUDA libraries on demand, convolutions backward,
// matrix products on memory that is not libtorch's, leaky ReLU of any slope, the mode for
// denormal numbers, singular values on a CPU (gotch always names
// a driver, which only CUDA has), and its version.
#define AT_PER_OPERATOR_HEADERS  // ATen.h takes three times as long to read
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linalg_svdvals.h>
#include <cstdio>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <vector>

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

// What an exception of the last call on this thread said; the calls below return it, or 0.
static thread_local std::string message;

template <class F> static const char *caught(F f) {
  try {
    f();
    return 0;
  } catch (const std::exception &e) {
    message = e.what();
    return message.c_str();
  }
}

// A tensor by its handle, seen in another shape, on whatever device it is.
static at::Tensor seen(void *handle, at::IntArrayRef sizes, at::IntArrayRef strides) {
  return static_cast<at::Tensor *>(handle)->as_strided(sizes, strides);
}

// x = max(x, slope x).
extern "C" const char *fig5_leak(void *x, double slope) {
  return caught([&] { at::leaky_relu_(*static_cast<at::Tensor *>(x), slope); });
}

// The maps of a layer in [x] and out [y], and its weights, with the strides of models.Layer.
struct fig5_maps {
  long rows, channels, side;
  int planar;
};

static at::Tensor maps(void *t, const fig5_maps &m) {
  long c = m.channels, s = m.side;
  std::vector<int64_t> strides = m.planar ? std::vector<int64_t>{c * s * s, s * s, s, 1} : std::vector<int64_t>{c * s * s, 1, s * c, c};
  return seen(t, {m.rows, c, s, s}, strides);
}

static at::Tensor weights(void *w, long in, long out, int transposed) {
  return transposed ? seen(w, {in, out, 4, 4}, {16 * out, 1, 4 * out, out}) : seen(w, {out, in, 4, 4}, {1, out, 4 * in * out, in * out});
}

static at::Tensor vector(void *b, long n) { return b ? seen(b, {n}, {1}) : at::Tensor(); }

// y = x convolved with w, plus b unless it is 0.
extern "C" const char *fig5_convolve(void *y, void *x, void *w, void *b, fig5_maps from, fig5_maps to, int transposed) {
  return caught([&] {
    maps(y, to).copy_(at::convolution(maps(x, from), weights(w, from.channels, to.channels, transposed), vector(b, to.channels), {2, 2},
                                      {1, 1}, {1, 1}, transposed, {0, 0}, 1));
  });
}

// The gradients by x, w and b, given that by y; each unless it is 0.
extern "C" const char *fig5_convolve_back(void *dx, void *dw, void *db, void *dy, void *x, void *w, fig5_maps from, fig5_maps to,
                                          int transposed) {
  return caught([&] {
    std::vector<int64_t> sizes{to.channels};
    auto [gx, gw, gb] = at::convolution_backward(maps(dy, to), maps(x, from), weights(w, from.channels, to.channels, transposed), sizes,
                                                 {2, 2}, {1, 1}, {1, 1}, transposed, {0, 0}, 1,
                                                 {dx != nullptr, dw != nullptr, db != nullptr});
    if (dx) maps(dx, from).copy_(gx);
    if (dw) weights(dw, from.channels, to.channels, transposed).copy_(gw);
    if (db) vector(db, to.channels).copy_(gb);
  });
}

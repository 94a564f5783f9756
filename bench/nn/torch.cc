// What gotch does not offer of libtorch: convolutions backward and matrix products on
// memory that is not libtorch's, leaky ReLU of any slope, the mode for denormal numbers, singular values on a CPU (gotch always names
// a driver, which only CUDA has), and its version.
#include <ATen/ATen.h>
#include <torch/version.h>

extern "C" const char *fig5_libtorch_version() { return TORCH_VERSION; }

// Makes libtorch's operators on this thread take and give denormal numbers as zero; 1
// where the processor can.
extern "C" int fig5_flush_denormal() { return at::globalContext().setFlushDenormal(true); }

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

// What an operator does on memory of ours. An exception is what the last call on this
// thread returned as text; 0 is none.
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

// x = max(x, slope x), of n values.
extern "C" const char *fig5_leak(void *x, int dtype, long n, double slope) {
  return caught([&] {
    auto t = at::from_blob(x, {n}, at::ScalarType(dtype));
    at::leaky_relu_(t, slope);
  });
}

// The maps of a layer in [x] and out [y], and its weights, with the strides of models.Layer.
struct fig5_maps {
  long rows, channels, side;
  int planar;
};

static at::Tensor maps(void *p, const fig5_maps &m, int dtype) {
  long c = m.channels, s = m.side;
  std::vector<int64_t> strides = m.planar ? std::vector<int64_t>{c * s * s, s * s, s, 1} : std::vector<int64_t>{c * s * s, 1, s * c, c};
  return at::from_blob(p, {m.rows, c, s, s}, strides, at::ScalarType(dtype));
}

static at::Tensor weights(void *w, long in, long out, int transposed, int dtype) {
  auto type = at::ScalarType(dtype);
  return transposed ? at::from_blob(w, {in, out, 4, 4}, {16 * out, 1, 4 * out, out}, type)
                    : at::from_blob(w, {out, in, 4, 4}, {1, out, 4 * in * out, in * out}, type);
}

static at::Tensor vector(void *b, long n, int dtype) { return b ? at::from_blob(b, {n}, at::ScalarType(dtype)) : at::Tensor(); }

// y = x convolved with w, plus b unless it is 0.
extern "C" const char *fig5_convolve(void *y, void *x, void *w, void *b, fig5_maps from, fig5_maps to, int transposed, int dtype) {
  return caught([&] {
    maps(y, to, dtype).copy_(at::convolution(maps(x, from, dtype), weights(w, from.channels, to.channels, transposed, dtype),
                                             vector(b, to.channels, dtype), {2, 2}, {1, 1}, {1, 1}, transposed, {0, 0}, 1));
  });
}

// The gradients by x, w and b, given that by y; each unless it is 0.
extern "C" const char *fig5_convolve_back(void *dx, void *dw, void *db, void *dy, void *x, void *w, fig5_maps from, fig5_maps to,
                                          int transposed, int dtype) {
  return caught([&] {
    std::vector<int64_t> sizes{to.channels};
    auto [gx, gw, gb] = at::convolution_backward(maps(dy, to, dtype), maps(x, from, dtype),
                                                 weights(w, from.channels, to.channels, transposed, dtype), sizes, {2, 2}, {1, 1}, {1, 1},
                                                 transposed, {0, 0}, 1, {dx != nullptr, dw != nullptr, db != nullptr});
    if (dx) maps(dx, from, dtype).copy_(gx);
    if (dw) weights(dw, from.channels, to.channels, transposed, dtype).copy_(gw);
    if (db) vector(db, to.channels, dtype).copy_(gb);
  });
}

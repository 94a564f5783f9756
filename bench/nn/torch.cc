// What this package computes by libtorch: the engine torch, linear algebra in float64, and what
// there is to know of the library.
#include "torch.h"
#define AT_PER_OPERATOR_HEADERS  // ATen.h takes three times as long to read
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/div.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/leaky_relu_backward.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/native_batch_norm.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tanh_backward.h>
#include <ATen/ops/threshold_backward.h>
#include <cstdio>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <vector>

const char *fig5_libtorch_version() { return TORCH_VERSION; }

// Makes libtorch's operators on this thread take and give denormal numbers as zero; 1
// where the processor can.
int fig5_flush_denormal() { return at::globalContext().setFlushDenormal(true); }

// The number of GPUs that libtorch can use, once its CUDA libraries are loaded; -1 and why
// not where they cannot be.
int fig5_gpus(char *why, long size) {
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

// ---- float64 on the CPU, in memory that is not libtorch's; gotch always names a driver for
// singular values, which only CUDA has

static at::Tensor doubles(double *p, at::IntArrayRef sizes) { return at::from_blob(p, sizes, at::kDouble); }

// values[d] = the eigenvalues of a[d×d], which becomes the eigenvectors if they are wanted.
const char *fig5_eigen(double *a, long d, int vectors, double *values) {
  return caught([&] {
    auto m = doubles(a, {d, d}), v = doubles(values, {d});
    if (!vectors) {
      v.copy_(at::linalg_eigvalsh(m, "L"));
      return;
    }
    auto [w, q] = at::linalg_eigh(m, "L");
    v.copy_(w);
    m.copy_(q);
  });
}

// s[min(rows, cols)] = the singular values of a[rows×cols].
const char *fig5_svdvals(double *a, long rows, long cols, double *s) {
  return caught([&] { doubles(s, {std::min(rows, cols)}).copy_(at::linalg_svdvals(doubles(a, {rows, cols}))); });
}

// c[m×n] = alpha op(a) op(b) + beta c, rows ld* apart.
const char *fig5_gemm(int ta, int tb, long m, long n, long k, double alpha, double *a, long lda, double *b, long ldb, double beta,
                      double *c, long ldc) {
  return caught([&] {
    auto matrix = [](double *p, long rows, long cols, long ld) { return at::from_blob(p, {rows, cols}, {ld, 1}, at::kDouble); };
    auto x = ta ? matrix(a, k, m, lda).t() : matrix(a, m, k, lda);
    auto y = tb ? matrix(b, n, k, ldb).t() : matrix(b, k, n, ldb);
    auto z = matrix(c, m, n, ldc);
    at::addmm_out(z, z, x, y, beta, alpha);
  });
}

// ---- the engine torch, on whatever device the tensors are

static at::Tensor &matrix(void *t) { return *static_cast<at::Tensor *>(t); }

// t in another shape.
static at::Tensor seen(void *t, at::IntArrayRef sizes, at::IntArrayRef strides) { return matrix(t).as_strided(sizes, strides); }

static at::Tensor vector(void *t) { return t ? matrix(t).view(-1) : at::Tensor(); }

static at::Tensor like(void *host, const at::Tensor &t) { return at::from_blob(host, t.sizes(), t.scalar_type()); }

const char *fig5_read(void *host, void *t) {
  return caught([&] { like(host, matrix(t)).copy_(matrix(t)); });
}

const char *fig5_write(void *t, void *host) {
  return caught([&] { matrix(t).copy_(like(host, matrix(t))); });
}

// c = op(a) op(b).
const char *fig5_mm(void *c, void *a, int ta, void *b, int tb) {
  return caught([&] {
    at::mm_out(matrix(c), ta ? matrix(a).t() : matrix(a), tb ? matrix(b).t() : matrix(b));
  });
}

// y = x w + b, without b where there is none.
const char *fig5_linear(void *y, void *x, void *w, void *b) {
  return caught([&] {
    if (b)
      at::addmm_out(matrix(y), matrix(b), matrix(x), matrix(w));
    else
      at::mm_out(matrix(y), matrix(x), matrix(w));
  });
}

// The gradients by x, w and b, given that by y; each where there is a place for it.
const char *fig5_linear_back(void *dx, void *dw, void *db, void *dy, void *x, void *w) {
  return caught([&] {
    if (db) at::sum_out(matrix(db), matrix(dy), {0}, true);
    if (dw) at::mm_out(matrix(dw), matrix(x).t(), matrix(dy));
    if (dx) at::mm_out(matrix(dx), matrix(dy), matrix(w).t());
  });
}

// A matrix as maps, and the weights between maps, with the strides of models.Layer.
static at::Tensor maps(void *t, const fig5_maps &m) {
  long n = matrix(t).size(0), c = m.channels, s = m.side;
  return m.planar ? seen(t, {n, c, s, s}, {c * s * s, s * s, s, 1}) : seen(t, {n, c, s, s}, {c * s * s, 1, s * c, c});
}

static at::Tensor weights(void *w, long in, long out, int transposed) {
  return transposed ? seen(w, {in, out, 4, 4}, {16 * out, 1, 4 * out, out}) : seen(w, {out, in, 4, 4}, {1, out, 4 * in * out, in * out});
}

// y = x convolved with w, plus b where there is one.
const char *fig5_convolve(void *y, void *x, void *w, void *b, fig5_maps from, fig5_maps to, int transposed) {
  return caught([&] {
    maps(y, to).copy_(at::convolution(maps(x, from), weights(w, from.channels, to.channels, transposed), vector(b), {2, 2}, {1, 1},
                                      {1, 1}, transposed, {0, 0}, 1));
  });
}

// Its gradients, as those of fig5_linear_back.
const char *fig5_convolve_back(void *dx, void *dw, void *db, void *dy, void *x, void *w,
                               fig5_maps from, fig5_maps to, int transposed) {
  return caught([&] {
    std::vector<int64_t> sizes{to.channels};
    auto [gx, gw, gb] = at::convolution_backward(maps(dy, to), maps(x, from), weights(w, from.channels, to.channels, transposed), sizes,
                                                 {2, 2}, {1, 1}, {1, 1}, transposed, {0, 0}, 1,
                                                 {dx != nullptr, dw != nullptr, db != nullptr});
    if (dx) maps(dx, from).copy_(gx);
    if (dw) weights(dw, from.channels, to.channels, transposed).copy_(gw);
    if (db) vector(db).copy_(gb);
  });
}

// y = z with batch norm over its rows.
const char *fig5_norm(void *y, void *mean, void *inv_std, void *z, void *scale, void *shift,
                      void *running_mean, void *running_var, int train, double momentum, double eps) {
  return caught([&] {
    auto m = vector(mean), s = vector(inv_std);
    at::native_batch_norm_out(matrix(y), m, s, matrix(z), vector(scale), vector(shift), vector(running_mean), vector(running_var), train,
                              momentum, eps);
  });
}

// Turns the gradient by the norm's output in dy into that by its input z, for one batch of n
// rows. With x̂ = (z - mean)·inv_std, s = Σ dy and q = Σ dy·x̂ over the rows:
// dz = scale·inv_std/n · (n dy - s - x̂ q), dscale = q, dshift = s, added to what is there if add.
const char *fig5_norm_back(void *dy, void *dscale, void *dshift, void *z, void *scale,
                           void *mean, void *inv_std, int add) {
  return caught([&] {
    double n = matrix(z).size(0);
    auto &by = matrix(dy);
    auto x = matrix(z).sub(matrix(mean)).mul_(matrix(inv_std));
    auto s = by.sum({0}, true), q = by.mul(x).sum({0}, true);
    if (dscale) {
      auto &a = matrix(dshift), &b = matrix(dscale);
      add ? a.add_(s) : a.copy_(s);
      add ? b.add_(q) : b.copy_(q);
    }
    by.mul_(n).sub_(s).sub_(x.mul_(q)).mul_(matrix(scale).mul(matrix(inv_std)).mul_(1 / n));
  });
}

const char *fig5_activate(void *t, int act, double leak) {
  return caught([&] {
    auto &y = matrix(t);
    if (act == ACT_RELU) y.relu_();
    if (act == ACT_LEAKY) at::leaky_relu_(y, leak);
    if (act == ACT_TANH) y.tanh_();
  });
}

// Turns dy, the gradient by the activation's output y, into that by its input.
const char *fig5_slope(void *dy, void *t, int act, double leak) {
  return caught([&] {
    auto &d = matrix(dy), &y = matrix(t);
    if (act == ACT_RELU) at::threshold_backward_out(d, d, y, 0.);
    if (act == ACT_LEAKY) at::leaky_relu_backward_out(d, d, y, leak, true);
    if (act == ACT_TANH) at::tanh_backward_out(d, d, y);
  });
}

// p -= rate m / (unbias √v + eps), after m and v have moved towards g, which is overwritten, and g².
const char *fig5_adam(void *p, void *g, void *m, void *v, double take1, double take2, double unbias,
                      double eps, double rate) {
  return caught([&] {
    auto &d = matrix(g), &first = matrix(m), &second = matrix(v);
    first.lerp_(d, take1);
    second.lerp_(d.mul_(d), take2);
    at::sqrt_out(d, second).mul_(unbias).add_(eps);
    matrix(p).sub_(at::div_out(d, first, d).mul_(rate));
  });
}

// p -= lr buf, after buf = momentum buf + g; the first gradient is where PyTorch's buf begins.
const char *fig5_sgd(void *p, void *g, void *buf, int first, double lr, double momentum) {
  return caught([&] {
    auto &d = matrix(g), &b = matrix(buf);
    first ? b.copy_(d) : b.mul_(momentum).add_(d);
    matrix(p).sub_(d.copy_(b).mul_(lr));
  });
}

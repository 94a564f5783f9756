/* libtorch for this package; torch.cc says what each function computes. A function that gives
 * a message gives what libtorch's exception said, or 0. A void * is the handle of a tensor, a
 * row-major matrix, or 0 where there is none; host is memory of the CPU. */
#ifndef FIG5_TORCH_H
#define FIG5_TORCH_H
#ifdef __cplusplus
extern "C" {
#endif

/* How a matrix is maps: see models.Maps. */
typedef struct {
	long channels, side;
	int planar;
} fig5_maps;

enum { ACT_IDENTITY, ACT_RELU, ACT_TANH, ACT_LEAKY };

const char *fig5_libtorch_version(void);
int fig5_flush_denormal(void);
int fig5_gpus(char *why, long size);

const char *fig5_eigen(double *a, long d, int vectors, double *values);
const char *fig5_svdvals(double *a, long rows, long cols, double *s);
const char *fig5_gemm(int ta, int tb, long m, long n, long k, double alpha, double *a, long lda, double *b, long ldb, double beta,
		      double *c, long ldc);
const char *fig5_mm(void *c, void *a, int ta, void *b, int tb);

const char *fig5_read(void *host, void *t);
const char *fig5_write(void *t, void *host);

const char *fig5_linear(void *y, void *x, void *w, void *b);
const char *fig5_linear_back(void *dx, void *dw, void *db, void *dy, void *x, void *w);
const char *fig5_convolve(void *y, void *x, void *w, void *b, fig5_maps from, fig5_maps to, int transposed);
const char *fig5_convolve_back(void *dx, void *dw, void *db, void *dy, void *x, void *w,
			       fig5_maps from, fig5_maps to, int transposed);
const char *fig5_norm(void *y, void *mean, void *inv_std, void *z, void *scale, void *shift,
		      void *running_mean, void *running_var, int train, double momentum, double eps);
const char *fig5_norm_back(void *dy, void *dscale, void *dshift, void *z, void *scale,
			   void *mean, void *inv_std, int add);
const char *fig5_activate(void *y, int act, double leak);
const char *fig5_slope(void *dy, void *y, int act, double leak);

const char *fig5_adam(void *p, void *g, void *m, void *v, double take1, double take2, double unbias,
		      double eps, double rate);
const char *fig5_sgd(void *p, void *g, void *buf, int first, double lr, double momentum);

#ifdef __cplusplus
}
#endif
#endif

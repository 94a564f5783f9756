/* libtorch for this package; torch.cc says what each function computes. A function that gives
 * a message gives what libtorch's exception said, or 0. */
#ifndef FIG5_TORCH_H
#define FIG5_TORCH_H
#ifdef __cplusplus
extern "C" {
#endif

/* A row-major matrix: from element off on of a tensor, its handle. No tensor where that is 0. */
typedef struct {
	void *of;
	long off, rows, cols;
} fig5_matrix;

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
const char *fig5_mm(fig5_matrix c, fig5_matrix a, int ta, fig5_matrix b, int tb);

const char *fig5_read(void *host, fig5_matrix t);
const char *fig5_write(fig5_matrix t, void *host);

const char *fig5_linear(fig5_matrix y, fig5_matrix x, fig5_matrix w, fig5_matrix b);
const char *fig5_linear_back(fig5_matrix dx, fig5_matrix dw, fig5_matrix db, fig5_matrix dy, fig5_matrix x, fig5_matrix w);
const char *fig5_convolve(fig5_matrix y, fig5_matrix x, fig5_matrix w, fig5_matrix b, fig5_maps from, fig5_maps to, int transposed);
const char *fig5_convolve_back(fig5_matrix dx, fig5_matrix dw, fig5_matrix db, fig5_matrix dy, fig5_matrix x, fig5_matrix w,
			       fig5_maps from, fig5_maps to, int transposed);
const char *fig5_norm(fig5_matrix y, fig5_matrix mean, fig5_matrix inv_std, fig5_matrix z, fig5_matrix scale, fig5_matrix shift,
		      fig5_matrix running_mean, fig5_matrix running_var, int train, double momentum, double eps);
const char *fig5_norm_back(fig5_matrix dy, fig5_matrix dscale, fig5_matrix dshift, fig5_matrix z, fig5_matrix scale,
			   fig5_matrix mean, fig5_matrix inv_std, int add);
const char *fig5_activate(fig5_matrix y, int act, double leak);
const char *fig5_slope(fig5_matrix dy, fig5_matrix y, int act, double leak);

const char *fig5_adam(fig5_matrix p, fig5_matrix g, fig5_matrix m, fig5_matrix v, double take1, double take2, double unbias,
		      double eps, double rate);
const char *fig5_sgd(fig5_matrix p, fig5_matrix g, fig5_matrix buf, int first, double lr, double momentum);

#ifdef __cplusplus
}
#endif
#endif

//go:build cgo

#if defined(__aarch64__)
#include "vec_neon.h"
#include "ops.h"
#endif

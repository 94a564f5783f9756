//go:build cgo

#include "vec_portable.h"
#include "ops.h"

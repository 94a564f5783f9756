#include <torch/version.h>

extern "C" const char *fig5_libtorch_version() { return TORCH_VERSION; }

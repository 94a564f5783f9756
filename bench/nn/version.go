package nn

// const char *fig5_libtorch_version();
import "C"

// LibtorchVersion is the version of libtorch that the program was compiled against.
func LibtorchVersion() string { return C.GoString(C.fig5_libtorch_version()) }

package main

import (
	"fmt"

	"github.com/sugarme/gotch/libtch"
	"github.com/sugarme/gotch/ts"
)

func main() { fmt.Println(libtch.AtNewTensor, ts.NewTensor) }

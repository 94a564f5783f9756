package samples
import ("testing";"fig5/bench/record";"fig5/bench/data";"fig5/bench/config")
func BenchmarkX(b *testing.B){ s,err:=Load(record.Dir("/tmp/r5/fig5/geometric-budget10000-k20-s00")); if err!=nil{b.Fatal(err)}
 d,_:=data.Open(config.Data{Name:"mixture"}); f:=s.Figure(d)
 b.Run("svg",func(b *testing.B){for range b.N{f.SVG()}}); b.Run("pdf",func(b *testing.B){for range b.N{f.PDF()}}); b.Run("png",func(b *testing.B){for range b.N{f.PNG()}})
 b.Run("load",func(b *testing.B){for range b.N{Load(s.Dir)}})
 b.Run("open",func(b *testing.B){for range b.N{data.Open(config.Data{Name:"mixture"})}})
}

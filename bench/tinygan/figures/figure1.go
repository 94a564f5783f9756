package figures

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/bench/tinygan"
)

// Figure1 is the paper's Figure 1, α_r = 3 throughout: the whole ("figure1"), and
// each panel by itself ("figure1a" to "figure1d").
func Figure1() ([]canvas.Figure, error) {
	equilibrium := tinygan.State{Theta: 1, Alpha: 1}
	near, away := [2]float64{-1.4, 4}, [4]float64{0.7, 4, -1.1, 1.1}
	panels := []panel{
		{name: "figure1a", title: "(a) autonomous, from (θ, ψ) = (1, 2): turns about 3 for ever",
			tr: &tinygan.Trajectory{System: tinygan.System{Start: tinygan.State{Theta: 1, Psi: 2, Alpha: 3}, Target: 3}},
			y:  [2]float64{-3.5, 6.5}, portrait: [4]float64{0, 6, -3, 3}},
		{name: "figure1b", title: "(b) β′-GAN (λ = 1), T = 3, from (1, 0, 1): the wrong equilibrium (2, 0, 2)",
			tr: &tinygan.Trajectory{System: tinygan.System{Kind: tinygan.BetaPrime, Start: equilibrium, Target: 3, T: 3}}, y: near, portrait: away},
		{name: "figure1c", title: "(c) β-GAN (λ = 0), T = 3, from (1, 0, 1): about 3, amplitude 0.63",
			tr: &tinygan.Trajectory{System: tinygan.System{Kind: tinygan.Beta, Start: equilibrium, Target: 3, T: 3}}, y: near, portrait: away},
		{name: "figure1d", title: "(d) β-GAN (λ = 0), T = 30, from (1, 0, 1): about 3, amplitude 0.067",
			tr: &tinygan.Trajectory{System: tinygan.System{Kind: tinygan.Beta, Start: equilibrium, Target: 3, T: 30}}, y: near, portrait: away},
	}
	figs := []canvas.Figure{{Name: "figure1", Title: "Figure 1: time series and phase portraits of the tiny-GAN",
		Width: canvas.Page, Height: 7.6 * vg.Inch, Draw: func(c draw.Canvas) { drawPanels(c, panels) }}}
	for i, until := range []float64{30, 40, 40, 200} {
		every, err := Sampling(until, 0)
		if err != nil {
			return nil, err
		}
		if panels[i].tr, err = panels[i].tr.System.Integrate(until, every); err != nil {
			return nil, err
		}
		p := panels[i]
		figs = append(figs, canvas.Figure{Name: p.name, Title: p.title, Width: canvas.Page, Height: 2.2 * vg.Inch,
			Draw: func(c draw.Canvas) { drawPanels(c, []panel{p}) }})
	}
	return figs, nil
}

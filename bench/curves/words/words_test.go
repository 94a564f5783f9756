package words

import "testing"

// Names are known by whole
func TestNames(t *testing.T) {
	for name, want := range map[string]int{
		"fid": 2, "FID": 2, "frechet_inception_distance": 2, "FrechetInceptionDistance": 2, "run fid 1 - fid": 2, "fid_score": 1, "eval/FID": 1, "fid50k_full": 1,
		"metrics/fid2k": 1, "evalFID": 1, "FID (lower is better)": 2, "epoch_fid": 1, "Fréchet inception distance (FID)": 1, "FIDScore": 1,
		"fidelity": 0, "d_confidence": 0, "sFID": 0, "rfid": 0, "best_fid": 0, "fid_std": 0, "fid__MIN": 0, "run - fid__MAX": 0, "fid run - loss": 0, "fid_time": 0, "fiduciary": 0, "": 0,
	} {
		if got := FID(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	last := -1
	for _, name := range []string{"_step", "trainer/global_step", "Step", "n_iter", "iteration", "Progress/kimg", "current_epoch", "x", "Unnamed: 0"} {
		got, _ := Axis(name)
		if got <= last {
			t.Errorf("%s: %d, not behind %d", name, got, last)
		}
		last = got
	}
	for _, name := range []string{"step_time", "steps_per_second", "run - _step", "footstep", "best_epoch", "time", "fid"} {
		if got, _ := Axis(name); got >= 0 {
			t.Errorf("%s is an axis", name)
		}
	}
}

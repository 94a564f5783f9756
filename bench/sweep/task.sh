#!/bin/sh
# A task of a Slurm array: trains the run folder that line SLURM_ARRAY_TASK_ID of a list
# names. fig5 run --executor slurm hands this to sbatch, with the worker, the folder of the
# sweep and the list as arguments; what it writes goes to the task's log.
worker=$1 sweep=$2 list=$3
run=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$list")
[ -n "$run" ] || { echo "$list: no line $SLURM_ARRAY_TASK_ID; the file system of fig5 run is not that of $(hostname)" >&2; exit 2; }
dir=$sweep/$run
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
step() { sed -n 's/^  "step": \([0-9]*\),*$/\1/p' "$dir/run.json"; }
before=$(step)

# A time limit that comes near and a preemption send SIGTERM to this shell, and perhaps not
# to the worker.
"$worker" train "$dir" >/dev/null &
worker_pid=$!
told=
trap 'told=yes; kill -TERM $worker_pid 2>/dev/null' TERM
code=none
while [ $code = none ] || kill -0 $worker_pid 2>/dev/null; do
  wait $worker_pid
  code=$?
done

# Told to stop, the worker has written a checkpoint (exit code 3; 143 before it could
# listen). The task goes back into the queue, unless it was cancelled or a time limit left
# it no time to get on.
case $code in
3) [ "$(step)" != "$before" ] || told= ;;
143) ;;
*) told= ;;
esac
id=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
if [ -n "$told" ] && [ "$(squeue -h -j "$id" -o %T)" = RUNNING ]; then
  scontrol requeue "$id" && sleep 60 # until this shell is ended
fi
exit $code

#!/usr/bin/env bash
# A real Slurm of one node, on loopback, as any user, for tests: Debian's slurm-wlm and munge.
#
#   scripts/slurm-testbed.sh up DIR [KEY=VALUE...]   starts it; its clients want SLURM_CONF=DIR/slurm.conf;
#                                                    KEY=VALUE replaces a line of slurm.conf
#   scripts/slurm-testbed.sh controller DIR          starts its controller again after it was killed
#   scripts/slurm-testbed.sh down DIR                ends it
#
# Jobs of the partition urgent preempt those of the default one: these are told to end
# (SIGTERM), killed 20 seconds later and queued again. One Slurm at a time runs on a machine:
# the ports are fixed.
set -euo pipefail
fail() { echo "slurm-testbed.sh: $*" >&2; exit 2; }
[ $# -ge 2 ] || fail "usage: slurm-testbed.sh up DIR [KEY=VALUE...] | controller DIR | down DIR"
verb=$1 dir=$(realpath -m "$2")
shift 2
export SLURM_CONF=$dir/slurm.conf PATH=$PATH:/usr/sbin:/sbin
host=$(hostname -s)

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what; see $dir/log"
    sleep 0.2
  done
}
idle() { [ "$(timeout 2 sinfo -h -p debug -o %t)" = idle ]; }
empty() { [ -z "$(timeout 20 squeue -h -t R,CG)" ]; }
gone() { ! kill -0 "$1"; }

# daemon NAME COMMAND... starts one that outlives the caller and its process group.
daemon() {
  local name=$1
  shift
  setsid "$@" </dev/null >>"$dir/log/$name.out" 2>&1 &
  echo $! >"$dir/run/$name"
}
controller() { daemon slurmctld slurmctld -D; }

# end NAME: SIGTERM, SIGKILL after 20 seconds.
end() {
  local pid i
  pid=$(cat "$dir/run/$1" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  for i in $(seq 100); do
    gone "$pid" 2>/dev/null && return 0
    sleep 0.2
  done
  kill -9 "$pid" 2>/dev/null || true
}

config() {
  cat <<CONF
ClusterName=testbed
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SrunPortRange=16900-16999
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$dir/munge/s,cred_expire=5
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
MpiDefault=none
MailProg=/bin/true
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,bf_interval=1
ReturnToService=2
SlurmdTimeout=20
KillWait=5
MinJobAge=3600
MaxArraySize=10001
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=20
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10
CONF
}

case $verb in
up)
  for program in munged slurmctld slurmd sinfo; do
    command -v $program >/dev/null || fail "$program is not there; apt-get install -y slurm-wlm munge"
  done
  [ ! -e "$dir/slurm.conf" ] || fail "$dir: holds a test bed; end it with: $0 down $dir"
  mkdir -p -m 755 "$dir" "$dir"/{run,log,state,spool,munge}
  (umask 077; head -c 128 /dev/urandom >"$dir/munge/key")
  config >"$SLURM_CONF"
  for line in "$@"; do
    grep -q "^${line%%=*}=" "$SLURM_CONF" || fail "$line: ${line%%=*} is no key of the test bed's slurm.conf"
    sed -i "s|^${line%%=*}=.*|$line|" "$SLURM_CONF"
  done
  # --force: a folder of mode 0700 above is fine here.
  daemon munged munged -F --force --key-file "$dir/munge/key" --socket "$dir/munge/s" --pid-file "$dir/munge/pid" \
    --seed-file "$dir/munge/seed" --log-file "$dir/munge/log"
  until_true 20 "munged does not answer" munge -S "$dir/munge/s" -n
  controller
  daemon slurmd slurmd -D -N "$host"
  until_true 60 "the node does not become idle" idle
  ;;
controller)
  [ -e "$SLURM_CONF" ] || fail "$dir: holds no test bed"
  controller
  until_true 60 "the controller does not answer" timeout 5 squeue -h
  ;;
down)
  [ -e "$SLURM_CONF" ] || fail "$dir: holds no test bed"
  timeout 20 scancel -u "$(id -un)" 2>/dev/null || true
  (until_true 40 "jobs do not end" empty) || true
  for name in slurmd slurmctld munged; do end $name; done
  mv "$SLURM_CONF" "$SLURM_CONF.ended"
  ;;
*) fail "$verb: not up, controller or down" ;;
esac

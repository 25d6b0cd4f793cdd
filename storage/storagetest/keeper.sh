# Ends the cluster in folder $1 once no test has held it for two looks in a row,
# and removes its data. Whoever starts a cluster starts one of these.
cd "$1" || exit 0
idle=0
while sleep 4; do
  [ -d data ] || exit 0
  exec 8>>start 9>>users
  if flock -n 8 && flock -n 9; then
    idle=$((idle + 1))
    if [ "$idle" -ge 2 ]; then
      pid=$(head -n 1 data/postmaster.pid 2>/dev/null)
      [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null
      while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ "$idle" -lt 100 ]; do
        sleep 0.1
        idle=$((idle + 1))
      done
      rm -rf data .s.PGSQL.*
      exit 0
    fi
  else
    idle=0
  fi
  exec 8>&- 9>&-
done

#!/bin/bash
# bin/emqx of an installation made of EMQX's applications and the system's Erlang: the two commands that pods use.
#   emqx foreground      starts the node
#   emqx ctl COMMAND…    runs a command on it
set -euo pipefail
home=/opt/emqx
cd "$home"
export HOME=$home/data HOCON_ENV_OVERRIDE_PREFIX=EMQX_ SCHEMA_MOD=emqx_conf_schema ERL_LIBS=$home/lib EKKA_PROTO_DIST_MOD=inet_tcp
cookie=${EMQX_NODE__COOKIE:-weir}

if [ "${1:-}" = ctl ]; then
  shift
  arguments=$(printf '"%s",' "$@")
  exec erl -noshell -start_epmd false -epmd_module ekka_epmd -proto_dist ekka -pa "$home/extra" \
    -name "ctl$$@${EMQX_NODE__NAME#*@}" -setcookie "$cookie" -hidden \
    -eval "R = rpc:call('$EMQX_NODE__NAME', emqx_ctl, run_command, [[${arguments%,}]]), io:format(\"~p~n\", [R]), halt(case R of ok -> 0; true -> 0; _ -> 1 end)."
fi

mkdir -p data/configs data/mnesia data/patches data/authz data/certs data/plugins data/trace data/scripts log
[ -e data/authz/acl.conf ] || cp etc/acl.conf data/authz/
touch data/configs/cluster.hocon
export EMQX_ETC_DIR=$home/etc EMQX_LOG_DIR=$home/log RUNNER_ROOT_DIR=$home ROOTDIR_EMQX=$home
export EMQX_NODE__DB_BACKEND=${EMQX_NODE__DB_BACKEND:-mnesia} EMQX_NODE__DATA_DIR=$home/data EMQX_DEFAULT_LOG_HANDLER=console
export EMQX_NODE__COOKIE=$cookie EMQX_IMG_VERSION=${WEIR_IMAGE_VERSION:-}
now=$(date +%Y.%m.%d.%H.%M.%S)
ERL_FLAGS= erl -noshell -boot start_clean +S 1 -enable-feature maybe_expr -pa "$home/extra" \
  -eval 'hocon_cli:main(init:get_plain_arguments()), halt(0).' \
  -extra -t "$now" -s emqx_conf_schema -c etc/base.hocon -c data/configs/cluster.hocon -c etc/emqx.conf -d data/configs generate
grep -vE '^(-name|-setcookie)' "data/configs/vm.$now.args" | sed 's/^## .*//' >data/configs/vm.args || true
exec erl -noinput -boot start_clean -enable-feature maybe_expr -pa "$home/extra" -args_file "$home/etc/vm.args" -args_file data/configs/vm.args \
  -config "data/configs/app.$now.config" -name "$EMQX_NODE__NAME" -setcookie "$cookie" \
  -mnesia dir "\"$home/data/mnesia/$EMQX_NODE__NAME\"" -start_epmd false -epmd_module ekka_epmd -proto_dist ekka -s realboot start

/** Sections of a nova.conf that are none of our business: an operator may point us at the file nova runs on (nova/conf/, Grizzly to Rocky, and its oslo libraries). */
export const foreignGroups: ReadonlySet<string> = new Set(
  `api barbican barbican_service_user baremetal cache compute conductor conductor_database consoleauth cors
  cors.subdomain crypto cyborg devices ephemeral_storage_encryption filter_scheduler guestfs healthcheck hyperv
  image_cache image_file_url ironic key_manager keymgr keystone keystone_authtoken libvirt matchmaker_redis matchmaker_ring
  metrics mks mutable_config notifications nova_sys_admin osapi_v21 osapi_v3 os_brick oslo_concurrency oslo_limit
  oslo_messaging_amqp oslo_messaging_kafka oslo_messaging_notifications oslo_messaging_qpid oslo_messaging_zmq
  oslo_middleware oslo_policy oslo_reports oslo_versionedobjects osprofiler pci placement placement_database powervm
  privsep profiler quota rdp remote_debug rpc_notifier2 scheduler serial_console service_user spice ssl
  trusted_computing upgrade_levels vault vendordata_dynamic_auth vif_plug_linux_bridge_privileged
  vif_plug_ovs_privileged vmware vnc workarounds wsgi xenserver xvp zookeeper`.split(/\s+/),
);

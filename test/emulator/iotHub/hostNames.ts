/**
 * The host names of one hub ("TLS support in IoT Hub", Microsoft Learn): `<hub>.azure-devices.net` and, with a label `device` or `service`
 * before the domain, those for devices and for back ends. Another host has only its own name.
 *
 * @param hostName one of them, with or without a port
 * @returns all of them in lower case, without the port, the classic one first
 */
export function listHostNames(hostName: string): readonly string[] {
	const name = removePort(hostName).toLowerCase();
	const labels = name.split(".");
	const domain = labels.slice(-2).join(".");
	const [hub, type] = labels;
	const isTyped = labels.length === 4 && (type === "device" || type === "service");
	if (!DOMAINS.has(domain) || !(labels.length === 3 || isTyped)) return [name];
	return [`${hub}.${domain}`, `${hub}.device.${domain}`, `${hub}.service.${domain}`];
}

/** The domains of hubs in the public cloud and the national ones. */
const DOMAINS: ReadonlySet<string> = new Set(["azure-devices.net", "azure-devices.us", "azure-devices.cn"]);

/** Returns a host without its port. */
export function removePort(host: string): string {
	return host.replace(/:\d+$/, "");
}

/**
 * The hosts for which a shared access signature is taken: the configured name with and without the port, and loopback with
 * the port.
 */
export function acceptedHosts(hostName: string, port: number): ReadonlySet<string> {
	const name = hostName.toLowerCase().replace(/:\d+$/, "");
	return new Set([name, `${name}:${port}`, hostName.toLowerCase(), `localhost:${port}`, `127.0.0.1:${port}`]);
}

import { ConfigurationError } from "./reader.ts";

/**
 * Returns the origin that a setting names, for services that are reached elsewhere than at their public address (an
 * emulator, a private endpoint). Plain http is allowed to loopback only, because others could read the token on the way.
 *
 * @param key the setting's key, for the message
 */
export function parseServiceOrigin(key: string, url: string): string {
	const { protocol, hostname, origin, pathname, search } = parseUrl(key, url);
	const isPlainHttp = protocol === "http:";
	if (isPlainHttp && !isLoopback(hostname)) {
		throw new ConfigurationError(
			key,
			`is plain http to ${hostname}; that is possible only to this machine (localhost, 127.0.0.1)`,
		);
	}
	if ((isPlainHttp || protocol === "https:") && pathname === "/" && search === "") return origin;
	throw new ConfigurationError(
		key,
		`is "${url}"; it must be an origin such as https://127.0.0.1:8443, without a path`,
	);
}

/** Whether the host is this machine, so that requests never leave it. */
export function isLoopback(hostname: string): boolean {
	return (
		hostname === "localhost" ||
		hostname === "[::1]" ||
		hostname === "::1" ||
		/^127(\.\d{1,3}){3}$/.test(hostname)
	);
}

function parseUrl(key: string, url: string): URL {
	if (URL.canParse(url)) return new URL(url);
	throw new ConfigurationError(key, `is "${url}", which is no URL; write it like https://127.0.0.1:8443`);
}

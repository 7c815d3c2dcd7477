import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isHostName, resolveOrigin } from "../../../provider/iothub/hubAddress.ts";
import { createSettingReader } from "../doubles.ts";

const origin = (endpoint: string, host = "fleet.example"): string =>
	resolveOrigin(createSettingReader({ "iothub:endpoint": endpoint }), host);

test("the default origin is the host name over https", () => {
	assert.equal(origin(""), "https://fleet.example");
	assert.equal(origin("", "127.0.0.1:8443"), "https://127.0.0.1:8443");
});

test("a single origin applies to every hub", () => {
	assert.equal(origin(" https://127.0.0.1:8443/ "), "https://127.0.0.1:8443");
	assert.equal(origin("https://private.example"), "https://private.example");
});

describe("an object of origins", () => {
	const map = JSON.stringify({
		"Fleet.Example": "http://127.0.0.1:8080",
		"other.example": "https://o.example",
	});

	test("maps host names in any case", () => {
		assert.equal(origin(map), "http://127.0.0.1:8080");
		assert.equal(origin(map, "other.example"), "https://o.example");
	});

	test("maps a hub by any of its host names, and prefers the one that is contacted", () => {
		const classic = "my-hub.azure-devices.net";
		const service = "my-hub.service.azure-devices.net";
		const byDevice = JSON.stringify({ "my-hub.device.azure-devices.net": "https://one.example" });
		for (const host of [classic, service]) assert.equal(origin(byDevice, host), "https://one.example");
		const both = JSON.stringify({ [classic]: "https://one.example", [service]: "https://two.example" });
		assert.equal(origin(both, classic), "https://one.example");
		assert.equal(origin(both, service), "https://two.example");
	});

	test("does not change the origin of other hubs", () => {
		assert.equal(origin(map, "third.example"), "https://third.example");
	});

	test("that is not JSON is refused", () => {
		assert.throws(() => origin("{fleet"), {
			key: "iothub:endpoint",
			message: "iothub:endpoint begins with { but is not a JSON object of host names and origins",
		});
	});
});

describe("plain http", () => {
	test("is allowed to this machine", () => {
		for (const url of ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"]) {
			assert.equal(origin(url), url);
		}
	});

	test("is refused to any other, because anyone could read the token", () => {
		for (const host of ["hub.example", "127.0.0.1.example", "10.0.0.1", "localhost.example", "0.0.0.0"]) {
			assert.throws(() => origin(`http://${host}`), {
				message: `iothub:endpoint is plain http to ${host}; that is possible only to this machine (localhost, 127.0.0.1)`,
			});
		}
		assert.throws(() => origin('{"fleet.example":"http://hub.example"}'), /plain http to hub\.example/);
	});
});

test("anything but an origin is refused", () => {
	for (const url of ["https://h.example/path", "https://h.example/?a=1", "ftp://h.example"]) {
		assert.throws(() => origin(url), {
			message: `iothub:endpoint is "${url}"; it must be an origin such as https://127.0.0.1:8443, without a path`,
		});
	}
	assert.throws(() => origin("h.example"), {
		message: 'iothub:endpoint is "h.example", which is no URL; write it like https://127.0.0.1:8443',
	});
});

test("a host name has no scheme and no path, and optionally a port", () => {
	const names = ["fleet.azure-devices.net", "Fleet.azure-devices.CN", "localhost", "127.0.0.1:8443", "a-b.c"];
	const others = [
		"",
		"https://h.example",
		"h.example/",
		"h..example",
		"-h.example",
		"h_1.example",
		"h:port",
		"h h",
		"h:",
	];
	assert.deepEqual(names.filter(isHostName), names);
	assert.deepEqual(others.filter(isHostName), []);
	assert.equal(isHostName("a".repeat(261)), false);
});

test("an endpoint with a host name for devices is refused", () => {
	const device = "https://my-hub.device.azure-devices.net";
	for (const endpoint of [device, JSON.stringify({ "fleet.example": device })])
		assert.throws(() => origin(endpoint), {
			key: "iothub:endpoint",
			message:
				/^iothub:endpoint has the host name my-hub\.device\.azure-devices\.net, which is only for devices\. Use my-hub\.service\./,
		});
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeHostName, isHostName } from "../../../provider/iothub/hostName.ts";

test("a host name has neither scheme nor path, and a port if need be", () => {
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

test("host names are kept in lower case", () => {
	assert.equal(normalizeHostName("Fleet.Azure-Devices.net:8443"), "fleet.azure-devices.net:8443");
});

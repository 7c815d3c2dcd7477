import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLOUD_ENDPOINTS } from "../../provider/auth/clouds.ts";
import {
	formatHostName,
	getHostNameType,
	HOST_NAME_TYPES,
	normalizeHostName,
	normalizeHubName,
} from "../../provider/hubName.ts";

test("the three host names of a hub have one name", () => {
	for (const { iotHubHostSuffix } of Object.values(CLOUD_ENDPOINTS)) {
		const hub = `my-hub.${iotHubHostSuffix}`;
		for (const type of HOST_NAME_TYPES) {
			const hostName = formatHostName(hub, type);
			assert.equal(hostName, type === "classic" ? hub : `my-hub.${type}.${iotHubHostSuffix}`);
			assert.equal(getHostNameType(hostName), type);
			for (const spelling of [hostName, hostName.toUpperCase(), `${hostName}.`])
				assert.equal(normalizeHubName(spelling), hub);
			assert.equal(normalizeHubName(`${hostName}:8443`), `${hub}:8443`);
			assert.equal(normalizeHubName(`${hostName}.:8443`), `${hub}:8443`);
			assert.equal(formatHostName(`${hub}:8443`, type), `${hostName}:8443`);
		}
	}
});

test("a hub that is called device or service keeps its own label", () => {
	for (const name of ["device", "service"]) {
		const hub = `${name}.azure-devices.net`;
		assert.equal(normalizeHubName(hub), hub);
		assert.equal(getHostNameType(hub), "classic");
		assert.equal(normalizeHubName(`${name}.service.azure-devices.net`), hub);
		assert.equal(normalizeHubName(`${name}.device.azure-devices.net`), hub);
		assert.equal(formatHostName(hub, "service"), `${name}.service.azure-devices.net`);
	}
});

test("a host outside the known clouds has only one name", () => {
	for (const host of [
		"hub.service.example",
		"localhost:8443",
		"127.0.0.1",
		"my-hub.service.azure-devices.net.example",
		"my-hub.service.azure-devices.example",
		"my-hub.service.privatelink.azure-devices.net",
		"a.my-hub.service.azure-devices.net",
		"my-hub.other.azure-devices.net",
		"my-hub.service.azure-devices-provisioning.net",
		"",
	]) {
		assert.equal(normalizeHubName(host), host);
		assert.equal(getHostNameType(host), "classic");
		assert.equal(normalizeHubName(formatHostName(host, "device")), host);
	}
});

test("a normalized name stays as it is", () => {
	const label = fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/);
	const hostName = fc
		.tuple(
			label,
			fc.constantFrom("", ".device", ".service", ".DEVICE"),
			fc.constantFrom("azure-devices.net", "x.y"),
		)
		.map(([name, type, domain]) => `${name}${type}.${domain}`);
	fc.assert(
		fc.property(hostName, fc.constantFrom(...HOST_NAME_TYPES), (host, type) => {
			const hub = normalizeHubName(host);
			assert.equal(normalizeHubName(hub), hub);
			assert.equal(normalizeHubName(formatHostName(hub, type)), hub);
			assert.equal(normalizeHubName(normalizeHostName(host)), hub);
		}),
	);
});

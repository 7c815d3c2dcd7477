import assert from "node:assert/strict";
import { test } from "node:test";
import { HubOperations } from "../../../provider/iothub/operations.ts";
import { readDeviceSettings } from "../../../provider/iothub/settings.ts";
import { createSettingReader, TestClock } from "../doubles.ts";
import { createKey } from "./devices.ts";

test("all host names of a hub share one client, and with it the rate limits and the faults", () => {
	const reader = createSettingReader({
		"iothub:connectionString": `HostName=h.service.azure-devices.net;SharedAccessKeyName=p;SharedAccessKey=${createKey(1)}`,
	});
	const options = { clock: new TestClock(), warn: () => assert.fail(), network: () => assert.fail() };
	const operations = new HubOperations(reader, readDeviceSettings(reader), options);
	const deadline = operations.createDeadline("read");
	const getClient = (hostName?: string) => operations.createContext(hostName, deadline).client;
	const client = getClient();
	for (const type of ["", "device.", "service."])
		assert.equal(getClient(`H.${type}azure-devices.net`), client);
	assert.equal(client.hub.origin, "https://h.service.azure-devices.net");
	assert.equal(client.hub.hostName, "h.azure-devices.net");
});

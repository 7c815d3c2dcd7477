import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findDevices } from "../../../provider/iothub/deviceQuery.ts";
import type { ScriptedStep } from "../doubles.ts";
import { createHubAnswer, createScriptedHub } from "./hubClient.ts";

const TWIN = {
	deviceId: "pump",
	deviceEtag: "NzA=",
	status: "enabled",
	authenticationType: "sas",
	capabilities: { iotEdge: false },
};

function find(exact: boolean, ...steps: readonly ScriptedStep[]) {
	return findDevices(createScriptedHub(...steps), { query: "SELECT * FROM devices", exact });
}

describe("the rows of a query", () => {
	test("are devices by id", async () => {
		const found = await find(false, createHubAnswer([TWIN]));
		assert.deepEqual([...found.keys()], ["pump"]);
		assert.equal(found.get("pump")?.values.status, "enabled");
	});

	for (const [title, row] of Object.entries({
		"a module, whose twin looks like that of its device": { ...TWIN, moduleId: "$edgeAgent" },
		"a row without an id": { count: 7 },
		"a row with an empty id": { ...TWIN, deviceId: "" },
	})) {
		test(`are refused if one is ${title}`, () =>
			assert.rejects(find(false, createHubAnswer([TWIN, row])), {
				name: "UnreadableAnswer",
				message: /SELECT \* FROM devices WHERE/,
			}));
	}

	test("that are ids alone are completed from each twin; a device that is gone is left out", async () => {
		const missing: ScriptedStep = {
			status: 404,
			headers: { "iothub-errorcode": "DeviceNotFound" },
			text: '{"Message":"ErrorCode:DeviceNotFound;none"}',
		};
		const found = await find(
			false,
			createHubAnswer([{ deviceId: "pump" }, { deviceId: "gone" }]),
			createHubAnswer(TWIN),
			missing,
		);
		assert.deepEqual([...found.keys()], ["pump"]);
	});

	test("are not used if a twin cannot be read: the error is the result", () =>
		assert.rejects(
			find(true, createHubAnswer([TWIN]), {
				status: 403,
				headers: { "iothub-errorcode": "IotHubQuotaExceeded" },
				text: '{"Message":"ErrorCode:IotHubQuotaExceeded;full"}',
			}),
			{ name: "ServiceError" },
		));
});

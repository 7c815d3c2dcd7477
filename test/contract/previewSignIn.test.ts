import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createGraphService } from "../../provider/graph/service.ts";
import { createIotHubService } from "../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../provider/resource/resourceProvider.ts";
import { PREVIEW_INPUT } from "../../provider/stateKeys.ts";
import { UNKNOWN, type Values } from "../../provider/values.ts";
import { declareKiosk } from "./autopilotFleet/withFleet.ts";
import { QuickClock } from "./harness/clocks.ts";
import { withEnvironment } from "./harness/environment.ts";
import { MessageRecorder } from "./harness/messages.ts";

const HUB = "plant.azure-devices.net";
const KIOSK = declareKiosk("5CG0001");

/** The providers of a process whose user did not install the Azure CLI, on which their settings rely. */
function openProviders(): { providers: Readonly<Record<string, ResourceProvider>>; words: MessageRecorder } {
	const words = new MessageRecorder();
	const settings: Readonly<Record<string, string>> = {
		"iothub:credential": "azureCli",
		"autopilot:credential": "azureCli",
	};
	const options = {
		sources: { config: (key: string) => settings[key], env: {} },
		clock: new QuickClock(),
		warn: words.say,
		network: () => assert.fail("a preview of new resources sends no request to a service"),
	};
	const { deviceIdentity, deviceFleet } = createIotHubService(options);
	const { autopilotIdentity, autopilotFleet } = createGraphService(options);
	return { providers: { deviceIdentity, deviceFleet, autopilotIdentity, autopilotFleet }, words };
}

const INPUTS: Readonly<Record<string, Values>> = {
	deviceIdentity: { deviceId: "pump", hubHostName: HUB },
	deviceFleet: { devices: '{"pump":{}}', hubHostName: HUB },
	autopilotIdentity: { ...KIOSK, serialNumber: "5CG0001" },
	autopilotFleet: { machines: JSON.stringify({ "5CG0001": KIOSK }) },
};

describe("the preview of a new resource without credentials", () => {
	for (const [name, inputs] of Object.entries(INPUTS)) {
		test(`fails for ${name}, and only the preview of a new one does`, () =>
			withEnvironment({ PATH: "/nowhere" }, async () => {
				const provider = openProviders().providers[name] ?? assert.fail(name);
				const news = { ...inputs, [PREVIEW_INPUT]: true };
				const checkReasons = async (olds: Values, declared: Values): Promise<string[]> =>
					(await provider.check(olds, declared)).failures.map(({ reason }) => reason);
				assert.deepEqual(await checkReasons(inputs, news), [], "a plan asks the service anyway");
				assert.deepEqual(await checkReasons({}, inputs), [], "in an update, the creation signs in");
				const [reason = "", ...more] = await checkReasons({}, news);
				assert.match(reason, /^Microsoft Entra sign-in by azureCli failed: .* \[SignInError\]$/s);
				assert.deepEqual([...more, ...(await checkReasons({}, news))], [], "it is told once");
			}));
	}

	test("does not fail while the hub is not known", () =>
		withEnvironment({ PATH: "/nowhere" }, async () => {
			const { providers, words } = openProviders();
			const news = { ...INPUTS["deviceFleet"], hubHostName: UNKNOWN, [PREVIEW_INPUT]: true };
			assert.deepEqual((await providers["deviceFleet"]?.check({}, news))?.failures, []);
			assert.deepEqual(words.said, ["DeviceFleet: 1 device to create (pump)"]);
		}));
});

import { join } from "node:path";
import { test } from "node:test";
import { createStandIn, EXIT_FAILED } from "../../engine/index.ts";
import { getHubEnv, runInFolder } from "../../program/cli.ts";
import { getPolicyKey, listDeviceKeys } from "../../program/deployment.ts";
import { locateProgram, runAtSite } from "../../program/site.ts";
import { GIVEN } from "./credentials.ts";
import { Life } from "./life.ts";

const DEVICES = { pump: { authentication: { symmetricKey: GIVEN } }, tank: {} };

test("a program, its state, its reports and adopted files contain no secret from the first run to the last", () =>
	runInFolder((folder) =>
		runAtSite(createStandIn(), { root: locateProgram("fleet") }, async (site) => {
			const { devices, faults } = site.emulator.control;
			const life = new Life(site, {
				access: getHubEnv(site),
				listSecrets: () => [...Object.values(GIVEN), getPolicyKey(site), ...listDeviceKeys(site)],
			});
			await life.declare("devices", DEVICES);
			await life.run("preview");
			await life.run("up");
			for (const id of ["pump", "tank"]) devices.rotateKeys(id);
			await life.run("preview");
			await life.report(folder);
			await life.adopt(join(folder, "adopted"));
			faults.add({
				match: { service: "iotHub", method: "PUT" },
				action: { kind: "status", status: 400, code: "ArgumentInvalid", message: JSON.stringify(GIVEN) },
			});
			await life.run("up", EXIT_FAILED);
			await life.run("refresh");
			await life.run("up");
			await life.run("destroy");
			life.assertSilent("A program of devices");
		}),
	));

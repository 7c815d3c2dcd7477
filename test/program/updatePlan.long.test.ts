import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Engine, findCli, type Outcome } from "../engine/index.ts";
import { runInFolder } from "./cli.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

// What lies between a preview that somebody approves and the update that it approves: `pulumi up --plan` holds the
// update to the operations and the inputs of the approved plan. Drift is neither. The stand-in has no update plans.

const DEPLOYED = { pump: { status: "enabled", statusReason: "old" }, tank: { status: "enabled" } };
const CHANGED = { ...DEPLOYED, pump: { status: "enabled", statusReason: "new" } };

type Declared = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Deploys, saves the plan of a change, lets somebody else write to the hub, and updates by the plan. */
async function updateByPlan(
	engine: Engine,
	{ program, deployed, changed }: { program: "devices" | "fleet"; deployed: Declared; changed: Declared },
	interfere: (site: Site) => void,
): Promise<{ preview: Outcome; up: Outcome; status: (id: string) => string | undefined }> {
	return runInFolder((folder) =>
		runAtSite(engine, { root: locateProgram(program) }, async (site) => {
			const { stack, emulator } = site;
			const plan = join(folder, "plan.json");
			await stack.setConfig("devices", JSON.stringify(deployed));
			const first = await stack.up();
			assert.equal(first.exitCode, 0, first.output);
			await stack.setConfig("devices", JSON.stringify(changed));
			const preview = await stack.preview({ savePlan: plan });
			assert.equal(preview.exitCode, 0, preview.output);
			interfere(site);
			const up = await stack.up({ plan });
			const statuses = new Map(["pump", "tank"].map((id) => [id, emulator.control.devices.get(id)?.status]));
			return { preview, up, status: (id) => statuses.get(id) };
		}),
	);
}

describe("pulumi up --plan, when somebody changes a device after the approval", () => {
	const testOnCli = (title: string, work: (engine: Engine) => Promise<void>): void => {
		test(title, async (t) => {
			const cli = await findCli();
			if (cli === undefined) return t.skip("No pulumi on PATH, and the stand-in has no update plans.");
			await work(cli);
		});
	};
	const disable = (id: string) => (site: Site) =>
		void site.emulator.control.devices.change(id, { status: "disabled" });
	const devices = { program: "devices", deployed: DEPLOYED, changed: CHANGED } as const;

	testOnCli(
		"a device that the plan updates is updated, and the change is put back and reported",
		async (cli) => {
			const { preview, up, status } = await updateByPlan(cli, devices, disable("pump"));
			assert.doesNotMatch(preview.output, /changed outside Pulumi/);
			assert.equal(up.exitCode, 0, up.output);
			assert.match(up.output, /status: "enabled" at the last deployment, "disabled" now, "enabled" declared/);
			assert.equal(status("pump"), "enabled");
		},
	);

	testOnCli("a device that the plan leaves as it is stops the run, and the change stays", async (cli) => {
		const { up, status } = await updateByPlan(cli, devices, disable("tank"));
		assert.notEqual(up.exitCode, 0);
		assert.match(up.output, /violates plan|not allowed by the plan/i);
		assert.equal(status("tank"), "disabled");
	});

	testOnCli(
		"a member of a fleet that the plan updates for another member is put back as well",
		async (cli) => {
			const { up, status } = await updateByPlan(cli, { ...devices, program: "fleet" }, disable("tank"));
			assert.equal(up.exitCode, 0, up.output);
			assert.match(up.output, /tank/);
			assert.equal(status("tank"), "enabled");
		},
	);

	testOnCli('with onDrift: "fail" nothing of the device is written', async (cli) => {
		const audited = (declared: Declared): Declared =>
			Object.fromEntries(Object.entries(declared).map(([id, args]) => [id, { ...args, onDrift: "fail" }]));
		const { up, status } = await updateByPlan(
			cli,
			{ program: "devices", deployed: audited(DEPLOYED), changed: audited(CHANGED) },
			disable("pump"),
		);
		assert.notEqual(up.exitCode, 0);
		assert.match(up.output, /\[DriftRefused\]/);
		assert.equal(status("pump"), "disabled");
	});
});

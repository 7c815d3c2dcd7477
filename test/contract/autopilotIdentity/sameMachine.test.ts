import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { AFTER_INPUT } from "../../../provider/stateKeys.ts";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { IdleClock } from "../harness/clocks.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, SERIAL, withTenant } from "./withTenant.ts";

const HASH = generateHardwareHash(SERIAL);

/** Two declarations of one machine that look different. */
const BY_SERIAL = { serialNumber: SERIAL, adopt: true, groupTag: "Kiosk" };
const BY_HASH = { ...BY_SERIAL, hardwareIdentifier: HASH, groupTag: "Lab" };

const STRATEGIES = [
	["live", "live"],
	["upload", "seed"],
	["upload-rooted", "seed"],
] as const;

/** The resources of a program, each with its own name, which share a process. */
class Program {
	readonly #tenant: TenantStage;
	#service: ReturnType<TenantStage["open"]>;

	constructor(tenant: TenantStage) {
		this.#tenant = tenant;
		this.#service = this.#open();
	}

	/** Begins the next run: a process of its own. */
	begin(): void {
		this.#service = this.#open();
	}

	createResource(name: string): Resource {
		const origin = `organization/shop/dev/AutopilotIdentity/${name}`;
		return new Resource(() => this.#service.autopilotIdentity, { origin });
	}

	createFleet(name: string): Resource {
		const origin = `organization/shop/dev/AutopilotFleet/${name}`;
		return new Resource(() => this.#service.autopilotFleet, { origin });
	}

	#open() {
		const shared = new IdleClock(this.#tenant.control.clock);
		return this.#tenant.open({ shared, network: shared.watch(createTransport()) });
	}
}

/** Seeds the machine that all declarations are about, with the import record that the strategies with uploads need. */
function seed(tenant: TenantStage): string {
	const { machines } = tenant.control;
	const [{ id = "" } = {}] = machines.seed([
		{ serialNumber: SERIAL, hardwareIdentifier: HASH, groupTag: "Old" },
	]);
	const strategy = tenant.config["autopilot:strategy"] ?? "live";
	if (strategy !== "live") machines.leaveImport(id, { upload: strategy === "upload-rooted" });
	return id;
}

/** Declares members of a fleet that depends on one other resource, which is known of any fleet of a program. */
function declareMembers(members: Readonly<Record<string, Values>>): Values {
	return { adopt: true, machines: JSON.stringify(members), [AFTER_INPUT]: "01234567" };
}

/** Returns the messages of failures. */
async function collectErrors(...work: readonly Promise<unknown>[]): Promise<string[]> {
	const outcomes = await Promise.allSettled(work);
	return outcomes.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []));
}

const createTwicePattern = (first: string, second: string): RegExp =>
	RegExp(
		`${SERIAL}[^:]* is already in this stack: ${first} has it, and ${second} turns out to be the same object`,
	);

for (const [strategy, profile] of STRATEGIES) {
	const withStrategy = (work: (tenant: TenantStage) => Promise<void>) =>
		withTenant(work, {
			autopilot: { profile },
			config: { "autopilot:strategy": strategy },
			records: strategy === "live" ? 0 : 1,
		});

	describe(`One machine that two declarations adopt, with strategy ${strategy}`, () => {
		test(
			"belongs to the first resource, and the second one writes nothing",
			withStrategy(async (tenant) => {
				const id = seed(tenant);
				const program = new Program(tenant);
				const [front, back] = [program.createResource("front"), program.createResource("back")];
				const errors = await collectErrors(front.up(BY_SERIAL), back.up(BY_HASH));
				assert.equal(errors.length, 1);
				const [first, second] = front.state === undefined ? ["back", "front"] : ["front", "back"];
				assert.match(
					errors[0] ?? "",
					createTwicePattern(`AutopilotIdentity ${first}`, `AutopilotIdentity ${second}`),
				);
				assert.equal(tenant.control.machines.get(id)?.revision, 2);
			}),
		);
		test(
			"is noticed in the run of the second one even if that comes before the first, and in every later run",
			withStrategy(async (tenant) => {
				const id = seed(tenant);
				const program = new Program(tenant);
				const [front, back] = [program.createResource("front"), program.createResource("back")];
				await front.up(BY_SERIAL);
				program.begin();
				await back.up({ ...BY_HASH, groupTag: "Kiosk" });
				const refused = createTwicePattern("AutopilotIdentity back", "AutopilotIdentity front");
				assert.match((await catchError(front.plan(BY_SERIAL))).message, refused);
				program.begin();
				await front.plan(BY_SERIAL);
				const again = createTwicePattern("AutopilotIdentity front", "AutopilotIdentity back");
				assert.match((await catchError(back.plan({ ...BY_HASH, groupTag: "Kiosk" }))).message, again);
				const { revision } = tenant.getMachine(SERIAL);
				program.begin();
				await front.up(BY_SERIAL);
				await back.destroy();
				assert.deepEqual([tenant.getMachine(SERIAL).id, tenant.getMachine(SERIAL).revision], [id, revision]);
				program.begin();
				assert.equal(await front.up(BY_SERIAL), "same");
			}),
		);
		test(
			"is noticed if one of them is a member of a fleet",
			withStrategy(async (tenant) => {
				seed(tenant);
				const program = new Program(tenant);
				const [front, shop] = [program.createResource("front"), program.createFleet("shop")];
				await front.up(BY_SERIAL);
				program.begin();
				await front.plan(BY_SERIAL);
				const { message } = await catchError(
					shop.up(declareMembers({ till: { serialNumber: SERIAL, groupTag: "Lab" } })),
				);
				assert.match(message, createTwicePattern("AutopilotIdentity front", "till of AutopilotFleet shop"));
				assert.equal(tenant.getMachine(SERIAL).groupTag, "Kiosk");
			}),
		);
		test(
			"is noticed if both are members of different fleets",
			withStrategy(async (tenant) => {
				seed(tenant);
				const program = new Program(tenant);
				const [shop, store] = [program.createFleet("shop"), program.createFleet("store")];
				await shop.up(declareMembers({ till: { serialNumber: SERIAL, groupTag: "Lab" } }));
				const again = { desk: { serialNumber: SERIAL, groupTag: "Kiosk", hardwareIdentifier: HASH } };
				const { message } = await catchError(store.up(declareMembers(again)));
				assert.match(
					message,
					createTwicePattern("till of AutopilotFleet shop", "desk of AutopilotFleet store"),
				);
				assert.equal(tenant.getMachine(SERIAL).groupTag, "Lab");
			}),
		);
		test(
			"is noticed if both are members of one fleet",
			withStrategy(async (tenant) => {
				seed(tenant);
				const shop = new Program(tenant).createFleet("shop");
				const members = {
					till: { serialNumber: SERIAL, groupTag: "Lab" },
					desk: { serialNumber: SERIAL, groupTag: "Lab", hardwareIdentifier: HASH },
				};
				const { message } = await catchError(shop.up(declareMembers(members)));
				assert.match(message, /^1 of 2 machines failed/);
				assert.match(
					message,
					/: (till|desk) of AutopilotFleet shop has it, and (desk|till) of AutopilotFleet shop turns out/,
				);
				assert.equal(tenant.getMachine(SERIAL).revision, 2);
				assert.equal(shop.getOutput("count"), 1);
			}),
		);
	});
}

describe("Two members of a fleet that an earlier release let adopt one machine", () => {
	test(
		"are refused, and the machine stays when one of them is removed",
		withTenant(async (tenant) => {
			const id = seed(tenant);
			const program = new Program(tenant);
			const shop = program.createFleet("shop");
			const till = { serialNumber: SERIAL, groupTag: "Lab" };
			const desk = { ...till, hardwareIdentifier: HASH };
			await shop.up(declareMembers({ till }));
			program.begin();
			const alone = program.createFleet("shop");
			await alone.up(declareMembers({ desk }));
			const members = {
				...JSON.parse(String(shop.getOutput("__members"))),
				...JSON.parse(String(alone.getOutput("__members"))),
			};
			const both = { ...shop.known, outputs: { ...shop.known.outputs, __members: JSON.stringify(members) } };
			shop.state = both;
			program.begin();
			const { message } = await catchError(shop.plan(declareMembers({ till, desk })));
			assert.match(
				message,
				/cannot be planned[\s\S]*has it, and (desk|till) of AutopilotFleet shop turns out to be the same object/,
			);
			program.begin();
			await shop.up(declareMembers({ till }));
			assert.equal(tenant.getMachine(SERIAL).id, id);
			assert.equal(shop.getOutput("count"), 1);
			program.begin();
			assert.equal(await shop.up(declareMembers({ till })), "same");
		}),
	);
});

describe("A machine that one resource imports and another one adopts", () => {
	test(
		"belongs to the one that first knows its id, and the other one writes nothing",
		withTenant(
			async (tenant) => {
				const program = new Program(tenant);
				const [front, back] = [program.createResource("front"), program.createResource("back")];
				const importing = front.up({ serialNumber: SERIAL, hardwareIdentifier: HASH, groupTag: "Lab" });
				while (tenant.control.machines.find(SERIAL).length === 0) await new Promise(setImmediate);
				tenant.pass(2_000);
				const errors = await collectErrors(importing, back.up({ ...BY_SERIAL, groupTag: "Kiosk" }));
				assert.equal(errors.length, 1);
				const [first, second] = front.state === undefined ? ["back", "front"] : ["front", "back"];
				assert.match(
					errors[0] ?? "",
					createTwicePattern(`AutopilotIdentity ${first}`, `AutopilotIdentity ${second}`),
				);
				assert.equal(tenant.getMachine(SERIAL).groupTag, first === "front" ? "Lab" : "Kiosk");
			},
			{ autopilot: { importDelay: 45_000 } },
		),
	);
	test(
		"is not registered twice if both import it, and the second one says which one has it",
		withTenant(async (tenant) => {
			const program = new Program(tenant);
			const [front, back] = [program.createResource("front"), program.createResource("back")];
			const declared = { serialNumber: SERIAL, hardwareIdentifier: HASH };
			const errors = await collectErrors(front.up(declared), back.up(declared));
			assert.equal(errors.length, 1);
			assert.match(
				errors[0] ?? "",
				/AutopilotIdentity (front|back) has it, and AutopilotIdentity (back|front) turns out/,
			);
			assert.equal(tenant.control.machines.list().length, 1);
			assert.equal(tenant.requests.count(ASK.change), 0);
		}),
	);
});

describe("A machine that moves from one resource to another", () => {
	test(
		"is no machine of two declarations",
		withTenant(async (tenant) => {
			const id = seed(tenant);
			const program = new Program(tenant);
			const [front, shop] = [program.createResource("front"), program.createFleet("shop")];
			await front.up(BY_SERIAL);
			program.begin();
			await shop.up(declareMembers({ till: { serialNumber: SERIAL, groupTag: "Kiosk" } }));
			await front.destroy();
			program.begin();
			await shop.up(declareMembers({ desk: { serialNumber: SERIAL, groupTag: "Kiosk" } }));
			assert.equal(tenant.getMachine(SERIAL).id, id);
			await front
				.up(BY_SERIAL)
				.catch((error: Error) => assert.match(error.message, /is already in this stack/));
		}),
	);
});

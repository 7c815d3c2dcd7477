import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { mergeDesired, pickPaths } from "../../../provider/resource/merge.ts";
import { toFieldValues } from "../../../provider/resource/schema.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetType, declarations, GADGET_FIELDS } from "./gadget.ts";
import { GadgetService } from "./gadgetService.ts";

const resourceType = createGadgetType(new GadgetService(() => 0));
const desired = (live: Values, declared: Values, released: string[] = []): Values =>
	mergeDesired(resourceType, { live, declared, unset: released });
const facets = (values: Values): Map<string, string> =>
	new Map([...toFieldValues(GADGET_FIELDS, values)].map(([path, { value }]) => [path, value]));

describe("the object to write", () => {
	test("has everything that is declared", () => {
		fc.assert(
			fc.property(declarations, declarations, (live, declared) => {
				const written = facets(desired(live, declared));
				for (const [path, value] of facets(declared)) assert.equal(written.get(path), value);
			}),
		);
	});

	test("never changes an undeclared value", () => {
		fc.assert(
			fc.property(declarations, declarations, (live, declared) => {
				const asked = facets(declared);
				const written = facets(desired(live, declared));
				for (const [path, value] of facets(live)) {
					if (!asked.has(path)) assert.equal(written.get(path), value, path);
				}
			}),
		);
	});

	test("has nothing that is neither live nor declared", () => {
		fc.assert(
			fc.property(declarations, declarations, (live, declared) => {
				const known = new Set([...facets(live).keys(), ...facets(declared).keys()]);
				for (const path of facets(desired(live, declared)).keys()) assert.ok(known.has(path), path);
			}),
		);
	});

	test("resets unset paths to their default, and changes nothing else", () => {
		const live = { mode: "off", note: "n", lamp: { colour: "red", level: "high" }, lock: { pin: "1" } };
		assert.deepEqual(desired(live, {}, ["mode", "note", "lamp.colour", "lamp.level", "labels", "lock.x.y"]), {
			mode: "on",
			lamp: { level: "low" },
			lock: { pin: "1" },
		});
	});

	test("replaces a list as a whole", () => {
		assert.deepEqual(desired({ labels: ["a", "b"] }, { labels: ["c"] }), { labels: ["c"] });
		assert.deepEqual(desired({ labels: ["a", "b"] }, { labels: [] }), { labels: [] });
	});

	test("treats null as undeclared", () => {
		assert.deepEqual(desired({ note: "n", lamp: { level: "high" } }, { note: null, lamp: { level: null } }), {
			note: "n",
			lamp: { level: "high" },
		});
	});

	test("leaves both arguments unchanged", () => {
		fc.assert(
			fc.property(declarations, declarations, (live, declared) => {
				const before = JSON.stringify({ live, declared });
				desired(live, declared, ["lamp.level", "mode", "lock.pin"]);
				assert.equal(JSON.stringify({ live, declared }), before);
			}),
		);
	});
});

describe("the parts at given paths", () => {
	test("are those and no others", () => {
		const values = { a: 1, b: { c: 2, d: { e: 3, f: 4 } }, g: [5], h: { i: 6 } };
		assert.deepEqual(pickPaths(values, new Set(["a", "b.d.e", "g", "x", "h.j"])), {
			a: 1,
			b: { d: { e: 3 } },
			g: [5],
		});
		assert.deepEqual(pickPaths(values, new Set(["b"])), { b: values.b });
		assert.deepEqual(pickPaths(values, new Set()), {});
	});

	test("at the paths of all field values are the whole declaration", () => {
		fc.assert(
			fc.property(declarations, (values) => {
				const paths = facets(values);
				assert.deepEqual(facets(pickPaths(values, new Set(paths.keys()))), paths);
			}),
		);
	});
});

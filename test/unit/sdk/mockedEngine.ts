import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import * as pulumi from "@pulumi/pulumi";

/** What the engine was told of a resource. */
export interface Registered {
	readonly type: string;
	readonly name: string;
	/** The id of one that is looked up. */
	readonly id: string | undefined;
	readonly inputs: Readonly<Record<string, unknown>>;
}

/** What it answers. */
interface Made {
	/** Of a resource that is not looked up; its name unless told otherwise. */
	readonly id?: string;
	readonly state: Record<string, unknown>;
}

/** The engine in the SDK's mocks, through all tests of a file; each test begins with nothing declared. */
export class MockedEngine {
	/** Whatever was declared in this test, in order. */
	readonly registered: Registered[] = [];
	/** What is handed to the engine and shown to mocks in no other way. */
	readonly options: pulumi.CustomResourceOptions[] = [];

	constructor(make: (inputs: Record<string, unknown>) => Made) {
		before(() =>
			pulumi.runtime.setMocks({
				newResource: ({ type, name, inputs, id }) => {
					this.registered.push({ type, name, inputs, id });
					const made = make(inputs);
					return { id: id || (made.id ?? name), state: made.state };
				},
				call: () => ({}),
			}),
		);
		beforeEach(() => {
			this.registered.length = 0;
			this.options.length = 0;
		});
	}

	/** Options by which {@link options} come to be known. */
	seen(given: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
		const see: pulumi.ResourceTransformation = ({ opts }) => {
			this.options.push(opts);
			return undefined;
		};
		return { ...given, transformations: [see] };
	}

	/** What the engine was told of the resource that was declared last. */
	async told(resource: pulumi.Resource): Promise<Registered> {
		await awaitOutput(resource.urn);
		return this.registered.at(-1) ?? assert.fail("nothing was declared");
	}
}

/** The value of an output, once it is there. */
export function awaitOutput<Value>(output: pulumi.Output<Value>): Promise<Value> {
	return new Promise((resolve) => output.apply(resolve));
}

/** A value of the engine's without its mark of a secret. */
export function unwrapSecret(value: unknown): unknown {
	return pulumi.runtime.unwrapRpcSecret(value);
}

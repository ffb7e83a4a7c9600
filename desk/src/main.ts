import { createApp } from "vue";

import "./look/look.css";
import App from "./App.vue";
import { followServer } from "./shell/newer";
import { router } from "./shell/router";
import { words } from "./words/words";

followServer(router);
createApp(App).use(words).use(router).mount("#app");

package main

type loadgenCmd struct{ laterCmd }
